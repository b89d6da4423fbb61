import { CRASH_POINTS } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CONTROL_NAMES } from '../crash-matrix/controls/names.js';
import { FOUND } from '../crash-matrix/testing/found.js';
import { prepareMatrixRuns, tellSeed } from '../crash-matrix/testing/matrix-runs.js';
import { processesThatKnow } from './processes.js';

jest.setTimeout(400_000);

const { dataDir, start, expectEnd } = prepareMatrixRuns();

/** All but the one that a broker of our own shows, when it dies. */
const HERE = CONTROL_NAMES.filter((name) => name !== 'delete-early');
/** Two at a time: most of what is done is to wait. */
const PAIRS = HERE.flatMap((_, index) => (index % 2 === 0 ? [HERE.slice(index, index + 2)] : []));

describe('the crash matrix', () => {
  it('loses nothing, doubles nothing and keeps the order at each point, by a kill and a freeze, with a new seed', async () => {
    const seed = tellSeed(await expectEnd(0, /^all +20 +20 +[\d,]+ +0 +0 +0 +0$/m));
    await expectEnd(0, /^20 runs are kept from an earlier start, of which 0 failed/m, '--seed', seed);
  });

  it.each(PAIRS)('fails with the controls %s and %s, and says why', async (...names) => {
    const failing = names.map(async (name) => {
      const { output } = await expectEnd(1, FOUND[name], '--control', name);
      expect(output).toContain(`--control ${name}`);
    });
    await Promise.all(failing);
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
    const results = () => readdirSync(join(dataDir(), 'crash-matrix')).filter((name) => name === 'seed-1.jsonl');
    await eventually(() => results().length > 0, { timeoutMs: 120_000 });
    expect(processesThatKnow(dataDir())).not.toEqual([]);
    matrix.interrupt();
    expect((await matrix.ended).code).toBe(130);
    await eventually(() => processesThatKnow(dataDir()).length === 0, { timeoutMs: 30_000 });
    const next = start(...args);
    await eventually(() => /^\d+ runs are kept from an earlier start/m.test(next.output()), { timeoutMs: 60_000 });
    next.interrupt();
    await next.ended;
    await eventually(() => processesThatKnow(dataDir()).length === 0, { timeoutMs: 30_000 });
  });
});
