import { type AlpesError, traceIdOf } from '@alpes/messaging';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Problem, toProblem } from './problem.js';
import { causeOf } from './request-context.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The headers of a problem document beside its type. */
export function problemHeaders({ status }: Problem): readonly (readonly [string, string])[] {
  return status === 503 ? [['Retry-After', '1']] : [];
}

/** Answers a request that has a context with a problem document. */
export function sendProblem(req: IncomingMessage, res: ServerResponse, error: AlpesError): void {
  const problem = toProblem(error);
  const body = JSON.stringify({ ...problem, traceId: traceIdOf(causeOf(req).traceparent) });
  for (const [name, value] of problemHeaders(problem)) res.setHeader(name, value);
  const length = Buffer.byteLength(body);
  res.writeHead(problem.status, { 'Content-Type': PROBLEM_TYPE, 'Content-Length': length }).end(body);
}
