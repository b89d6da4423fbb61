import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { COLLECTION, failuresOf, runCollection } from './postman.js';
import { startSystem, type System } from '../start/whole-system.js';

/** The parts of a collection that are looked at. */
interface Folder {
  readonly name: string;
  readonly item?: readonly Folder[];
  readonly request?: { readonly method: string; readonly url: { readonly host: string[]; readonly path: string[] } };
  readonly event?: readonly { readonly listen: string; readonly script: { readonly exec: readonly string[] } }[];
}

/** Every route that is open to clients. */
const ROUTES = [
  'POST {{baseUrl}}/orders',
  'GET {{baseUrl}}/orders/:id',
  'GET {{baseUrl}}/orders/:id/saga',
  'GET {{baseUrl}}/report',
  'GET {{baseUrl}}/reports/orders',
  'GET {{baseUrl}}/health/live',
  'GET {{baseUrl}}/health/ready',
  'GET {{baseUrl}}/metrics',
  'GET {{baseUrl}}/openapi.json',
  'POST {{fakerUrl}}/orders',
  'GET {{fakerUrl}}/health/live',
  'GET {{fakerUrl}}/health/ready',
  'GET {{fakerUrl}}/metrics',
];

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 180_000);
afterAll(() => system.dispose(), 60_000);

const requestsOf = (folder: Folder): Folder[] => folder.item?.flatMap(requestsOf) ?? [folder];

/** Method and path of a request; what is looked up when it is sent is an id. */
function routeOf({ request }: Folder): string {
  const segments = request?.url.path.map((segment) => (segment.startsWith('{{') ? ':id' : segment)) ?? [];
  return `${request?.method} ${[...(request?.url.host ?? []), ...segments].join('/')}`;
}

/** Whether a request is tested beside what the collection tests of each. */
function hasTest({ event = [] }: Folder): boolean {
  return event.some(({ listen, script }) => listen === 'test' && script.exec.some((code) => code.includes('pm.test(')));
}

const requests = requestsOf(JSON.parse(readFileSync(COLLECTION, 'utf8')) as Folder);

describe('the Postman collection', () => {
  it('holds against the running system, every request of it', async () => {
    const report = await runCollection(system);
    expect(failuresOf(report)).toEqual([]);
    const { run } = report;
    expect([...new Set(run.executions.map(({ item }) => item.name))]).toEqual(requests.map(({ name }) => name));
    const untested = run.executions.filter(({ assertions = [] }) => assertions.length === 0);
    expect(untested.map(({ item }) => item.name)).toEqual([]);
  }, 120_000);

  it('tests every request, and has one of every route', () => {
    expect(requests.filter((request) => !hasTest(request)).map(({ name }) => name)).toEqual([]);
    expect(requests.map(routeOf)).toEqual(expect.arrayContaining(ROUTES));
  });
});
