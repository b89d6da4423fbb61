import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { recordingLogger } from '../../fixtures/recording-logger.js';
import { eventually } from '../testing/eventually.js';
import { gate } from '../testing/gate.js';
import { type Cleaner, createCleaner, type DeleteStep } from './cleaner.js';

const HOUR_MS = 3_600_000;

let cleaner: Cleaner | undefined;
afterEach(() => cleaner?.stop());

function start(steps: Record<string, DeleteStep>, everyMs = 1) {
  const { logger, lines } = recordingLogger();
  const registry = new Registry();
  cleaner = createCleaner({ steps, everyMs, logger, registry });
  cleaner.start();
  return { lines, registry, stop: cleaner.stop };
}

/** A table with so many rows to delete, and how many were in each step. */
function table(rows: number) {
  const taken: number[] = [];
  let left = rows;
  const step: DeleteStep = async (limit) => {
    const count = Math.min(limit, left);
    left -= count;
    taken.push(count);
    return count;
  };
  return { step, taken };
}

describe('a cleaner', () => {
  it('cleans each table in small steps until nothing is left to do, and counts what it deletes', async () => {
    const [large, small] = [table(2_300), table(7)];
    const { registry } = start({ large: large.step, small: small.step });
    await eventually(() => small.taken.length > 0);
    expect(large.taken.slice(0, 3)).toEqual([1_000, 1_000, 300]);
    expect(small.taken[0]).toBe(7);
    expect(await registry.metrics()).toContain('alpes_rows_deleted_total{table="large"} 2300');
    expect(await registry.metrics()).toContain('alpes_rows_deleted_total{table="small"} 7');
  });

  it('looks again and again', async () => {
    const { step, taken } = table(3);
    start({ step });
    await eventually(() => taken.length >= 3);
    expect(taken.slice(0, 3)).toEqual([3, 0, 0]);
  });

  it('says once that it fails and once that it works again, and cleans the other tables meanwhile', async () => {
    const other = table(3);
    let isAway = true;
    let tries = 0;
    const failing: DeleteStep = async () => {
      tries += 1;
      if (isAway) throw new Error('away');
      return 0;
    };
    const { lines } = start({ failing, alsoFailing: failing, other: other.step });
    await eventually(() => tries >= 6);
    expect(other.taken[0]).toBe(3);
    expect(lines.map(({ level, fields }) => [level, fields['table']])).toEqual([['warn', 'failing']]);
    isAway = false;
    await eventually(() => lines.length > 1);
    const before = tries;
    await eventually(() => tries > before + 2);
    expect(lines.map(({ message }) => message)).toEqual([
      'cleaning: failed, trying until it works',
      'cleaning: works again',
    ]);
  });

  it('ends its rest when it is stopped, having deleted nothing', async () => {
    const { step, taken } = table(3);
    const { stop } = start({ step }, HOUR_MS);
    await stop();
    expect(taken).toEqual([]);
  });

  it('finishes its step when it is stopped, and begins no other', async () => {
    const [begun, go] = [gate(), gate()];
    const next = table(3);
    let steps = 0;
    const slow: DeleteStep = async (limit) => {
      steps += 1;
      begun.open();
      await go.passed;
      return limit;
    };
    const { stop } = start({ slow, next: next.step });
    await begun.passed;
    const stopping = stop();
    go.open();
    await stopping;
    expect({ steps, next: next.taken }).toEqual({ steps: 1, next: [] });
  });
});
