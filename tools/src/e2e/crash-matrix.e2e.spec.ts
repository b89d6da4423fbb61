import { CRASH_POINTS } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTROL_NAMES, type ControlName } from '../crash-matrix/controls/names.js';
import { processesThatKnow } from './processes.js';
import { type RunningTool, startTool, type ToolResult } from './system.js';
import { expectCode, tell } from './told.js';

jest.setTimeout(400_000);

let dataDir: string;
let failed = false;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'alpes-matrix-e2e-'));
});
afterAll(() => {
  if (failed) tell(`The results and logs of the crash matrix are kept in ${dataDir}`);
  else rmSync(dataDir, { recursive: true, force: true });
});

function start(...args: readonly string[]): RunningTool {
  const env = { ...process.env, NODE_OPTIONS: '', DATA_DIR: dataDir };
  return startTool('run.mjs', ['tools/dist/crash-matrix/cli.js', ...args], env);
}

/** Runs the matrix to its end. If that is not what was expected, its logs are kept, and all that it said is shown. */
async function expectEnd(code: number, said: RegExp, ...args: readonly string[]): Promise<ToolResult> {
  const result = await start(...args).ended;
  try {
    expectCode(code, result);
    expect(result.output).toMatch(said);
  } catch (error) {
    failed = true;
    throw error;
  }
  return result;
}

/** How each control's failure is told. */
const FOUND: Readonly<Record<ControlName, RegExp>> = {
  'inbox-off': /doubled +(entries|arrivals).* is there 2 times/,
  'publish-early': /doubled +published entries: .* is there (without a cause|2 times)/,
  'last-id': /lost +(published entries: .* is missing|\d+ messages wait in the outbox of (source|sink))/,
  'late-left-out': /disordered +published entries: account-1 \d+ comes behind \d+/,
  'attempt-inside': /doubled +message .* of sink was tried \d+ times and is not dead/,
  'session-lock': /lost +published entries: .* is missing/,
};

describe('the crash matrix', () => {
  it('loses nothing, doubles nothing and keeps the order at each point, by a kill and a freeze, with a new seed', async () => {
    const { output } = await expectEnd(0, /^all +20 +20 +[\d,]+ +0 +0 +0 +0$/m);
    const [first = '', seed = ''] = /^First seed (\d+).*/m.exec(output) ?? [];
    tell(first);
    await expectEnd(0, /^20 runs are kept from an earlier start, of which 0 failed/m, '--seed', seed);
  });

  it.each(CONTROL_NAMES)('fails with the control %s, and says why', async (name) => {
    const { output } = await expectEnd(1, FOUND[name], '--control', name);
    expect(output).toContain(`--control ${name}`);
  });

  it.each([
    ['--control', CONTROL_NAMES],
    ['--point', CRASH_POINTS],
  ])('ends with 2 and the names that there are when %s is unknown', async (option, names) => {
    const { output } = await expectEnd(2, /^Usage: /m, option, 'nothing');
    for (const name of names) expect(output).toContain(name);
  });

  it('leaves nothing running after Ctrl-C, a frozen process included, and goes on where it was', async () => {
    const args = ['--seed', '1', '--seeds', '50', '--action', 'freeze'];
    const matrix = start(...args);
    const results = () => readdirSync(join(dataDir, 'crash-matrix')).filter((name) => name === 'seed-1.jsonl');
    await eventually(() => results().length > 0, { timeoutMs: 120_000 });
    expect(processesThatKnow(dataDir)).not.toEqual([]);
    matrix.interrupt();
    expect((await matrix.ended).code).toBe(130);
    await eventually(() => processesThatKnow(dataDir).length === 0, { timeoutMs: 30_000 });
    const next = start(...args);
    await eventually(() => /^\d+ runs are kept from an earlier start/m.test(next.output()), { timeoutMs: 60_000 });
    next.interrupt();
    await next.ended;
    await eventually(() => processesThatKnow(dataDir).length === 0, { timeoutMs: 30_000 });
  });
});
