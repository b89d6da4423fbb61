import { ERROR_CODES, type ErrorCode } from '@alpes/messaging';
import { createHttpApp, createLogger, createRegistry, problems } from '@alpes/service-kit';
import { undocumented } from '@alpes/service-kit/testing';
import { describe, expect, it } from '@jest/globals';
import type { Router } from 'express';
import { document } from './document.js';
import { bffRoutes } from './http.js';

const logger = createLogger('test', 'silent');
const nothing = (): never => {
  throw new Error('is not asked here');
};
const routes = bffRoutes({
  ...{
    acceptOrder: nothing,
    findOrder: nothing,
    findTimeline: nothing,
    fetchReport: nothing,
    fetchReports: nothing,
    logger,
  },
  stallMs: 1,
});

/** As the process has it. */
function appOf(add: (router: Router) => void) {
  return createHttpApp({ logger, registry: createRegistry('test'), checks: {}, routes: add });
}

/** All codes that the document names, wherever. */
function codesIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const { code } = part as { code?: { enum?: string[] } };
  return [...(code?.enum ?? []), ...Object.values(part).flatMap(codesIn)];
}

/** Those of an HTTP status of their own, but for those of messages, of which no client hears. */
const answered = (Object.keys(ERROR_CODES) as ErrorCode[]).filter(
  (code) => code !== 'rule-broken' && !('500' in problems(code)),
);

describe('the document of the public routes', () => {
  it('has every method of every path, and no other', () => {
    expect(undocumented(appOf(routes), document)).toEqual([]);
  });

  it('is told of a route that it lacks', () => {
    const more = (router: Router): void => {
      routes(router);
      router.delete('/orders/:id', nothing);
    };
    expect(undocumented(appOf(more), document)).toEqual(['DELETE /orders/{id}: only in the app']);
  });

  it('is told of a route that there is not', () => {
    const { '/report': report, ...paths } = document.paths;
    const other = { ...document, paths: { ...paths, '/reports': report ?? {} } };
    expect(undocumented(appOf(routes), other)).toEqual([
      'GET /report: only in the app',
      'GET /reports: only in the document',
    ]);
  });

  it('lists every code that can be answered', () => {
    expect([...new Set(codesIn(document))].toSorted()).toEqual(answered.toSorted());
  });
});
