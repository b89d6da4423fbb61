import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSystem, type System } from './system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const COLLECTION = join(ROOT, 'postman/alpes.postman_collection.json');

/** The parts of a collection and of newman's report that are looked at. */
interface Folder {
  readonly name: string;
  readonly item?: readonly Folder[];
  readonly request?: { readonly method: string; readonly url: { readonly host: string[]; readonly path: string[] } };
  readonly event?: readonly { readonly listen: string; readonly script: { readonly exec: readonly string[] } }[];
}
interface Report {
  readonly run: {
    readonly executions: readonly {
      readonly item: { readonly name: string };
      readonly assertions?: readonly { readonly assertion: string }[];
    }[];
    readonly failures: readonly { readonly source: { name: string }; readonly error: { message: string } }[];
  };
}

/** Every route that is open to clients. */
const ROUTES = [
  'POST {{baseUrl}}/orders',
  'GET {{baseUrl}}/orders/:id',
  'GET {{baseUrl}}/orders/:id/saga',
  'GET {{baseUrl}}/report',
  'GET {{baseUrl}}/health/live',
  'GET {{baseUrl}}/health/ready',
  'GET {{baseUrl}}/metrics',
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

/** Runs the collection as a person would on the command line, and returns newman's report. */
async function runCollection(): Promise<Report> {
  const file = join(system.dataDir, 'newman.json');
  const variables = [`baseUrl=${system.url}`, `fakerUrl=${system.fakerUrl}`].flatMap((one) => ['--env-var', one]);
  const reporter = ['--reporters', 'json', '--reporter-json-export', file];
  const args = [join(ROOT, 'node_modules/newman/bin/newman.js'), 'run', COLLECTION, ...variables, ...reporter];
  const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

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
    const { run } = await runCollection();
    const failures = run.failures.map(({ source, error }) => `${source.name}: ${error.message}`);
    expect(failures).toEqual([]);
    expect([...new Set(run.executions.map(({ item }) => item.name))]).toEqual(requests.map(({ name }) => name));
    const untested = run.executions.filter(({ assertions = [] }) => assertions.length === 0);
    expect(untested.map(({ item }) => item.name)).toEqual([]);
  }, 120_000);

  it('tests every request, and has one of every route', () => {
    expect(requests.filter((request) => !hasTest(request)).map(({ name }) => name)).toEqual([]);
    expect(requests.map(routeOf)).toEqual(expect.arrayContaining(ROUTES));
  });
});
