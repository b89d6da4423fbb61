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
}
interface Report {
  readonly run: {
    readonly executions: readonly { readonly item: { readonly name: string } }[];
    readonly failures: readonly { readonly source: { name: string }; readonly error: { message: string } }[];
    readonly stats: { readonly assertions: { readonly total: number } };
  };
}

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

const requestsOf = ({ name, item }: Folder): string[] => (item === undefined ? [name] : item.flatMap(requestsOf));

describe('the Postman collection', () => {
  it('holds against the running system, every request of it', async () => {
    const { run } = await runCollection();
    const failures = run.failures.map(({ source, error }) => `${source.name}: ${error.message}`);
    expect(failures).toEqual([]);
    const wanted = requestsOf({ name: 'all', ...(JSON.parse(readFileSync(COLLECTION, 'utf8')) as object) });
    expect([...new Set(run.executions.map(({ item }) => item.name))]).toEqual(wanted);
    expect(run.stats.assertions.total).toBeGreaterThan(wanted.length);
  }, 120_000);
});
