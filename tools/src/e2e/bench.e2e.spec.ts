import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningTool, startTool } from '../start/whole-system.js';
import { processesThatKnow } from './processes.js';
import { expectCode } from './told.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alpes-bench-e2e-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...args: readonly string[]): RunningTool =>
  startTool('run.mjs', ['tools/dist/bench/cli.js', ...args], {
    ...process.env,
    ...{ NODE_OPTIONS: '', DATA_DIR: folder, TMPDIR: folder },
  });

/** Of orders, what came of them is looked at; of the figures, only that there are any: how fast it is no test can say. */
it('the bench measures the system, the floor and the naive way, and leaves a report and a page', async () => {
  const result = await bench('--rate', '20', '--seconds', '2', '--runs', '1', '--profile').ended;
  expectCode(0, result);
  expect(result.output).toMatch(/Every one of \d+ orders is fine/);
  const files = readdirSync(join(folder, 'bench'));
  const read = (extension: string): string =>
    readFileSync(join(folder, 'bench', files.find((name) => name.endsWith(extension)) ?? ''), 'utf8');
  const report = JSON.parse(read('.json')) as {
    readonly ratios: Readonly<Record<string, number>>;
    readonly busy: { readonly messages: number; readonly finished: number };
    readonly profile: {
      readonly statements: readonly object[];
      readonly functions: readonly { readonly module: string }[];
    };
  };
  for (const ratio of Object.values(report.ratios)) expect(ratio).toBeGreaterThan(0);
  expect(report.busy.messages).toBeCloseTo(5);
  expect(report.busy.finished).toBeGreaterThan(0);
  expect(report.profile.statements.length).toBeGreaterThan(20);
  expect(report.profile.functions.length).toBeGreaterThan(20);
  // By what they were written in, not by the file that they are run from, which has little of its own.
  const modules = report.profile.functions.map(({ module }) => module);
  expect(modules).toContain('pg');
  expect(modules.filter((module) => module.endsWith('bundle.js')).length).toBeLessThan(modules.length / 10);
  expect(read('.html')).toContain('<svg');
}, 300_000);

it('a command line that it can’t understand ends it with 2', async () => {
  const { code, output } = await bench('--rate', 'fast').ended;
  expect([code, output]).toEqual([2, expect.stringContaining('--rate')]);
});

it('leaves nothing behind after Ctrl-C but the reports that there were', async () => {
  const run = bench('--rate', '20');
  await eventually(() => run.output().includes('offered'), { timeoutMs: 120_000 });
  expect(processesThatKnow(folder).length).toBeGreaterThan(5);
  run.interrupt();
  expect((await run.ended).code).toBe(130);
  await eventually(() => processesThatKnow(folder).length === 0, { timeoutMs: 30_000 });
  expect(readdirSync(folder)).toEqual(['bench']);
}, 300_000);
