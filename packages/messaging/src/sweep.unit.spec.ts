import { describe, expect, it } from '@jest/globals';
import { createSweep, type Sweep } from './sweep.js';

/** Looks at `now`, for `ms`, and finds things up to `last`; returns where it began. */
function look(sweep: Sweep<number>, now: number, last?: number, { more = false, ms = 0 } = {}): number | undefined {
  const from = sweep.begin(now);
  sweep.end(now + ms, last, more);
  return from;
}

describe('a sweep', () => {
  it('begins at the beginning once in the lag, and else where it was at least that long ago', () => {
    const sweep = createSweep<number>(100);
    expect(look(sweep, 0, 10)).toBeUndefined();
    expect(look(sweep, 50, 20)).toBeUndefined();
    expect(look(sweep, 100, 30)).toBeUndefined();
    expect(look(sweep, 150, 40)).toBeUndefined();
    expect(look(sweep, 200, 50)).toBeUndefined();
    expect(look(sweep, 201, 60)).toBe(20);
    expect(look(sweep, 299)).toBe(20);
    expect(look(sweep, 300)).toBeUndefined();
    expect(look(sweep, 301)).toBe(40);
    expect(look(sweep, 400)).toBeUndefined();
    expect(look(sweep, 401)).toBe(60);
  });

  it('goes on behind the last thing found while there may be more', () => {
    const sweep = createSweep<number>(100);
    expect(look(sweep, 0, 10, { more: true })).toBeUndefined();
    expect(look(sweep, 1, 20, { more: true })).toBe(10);
    expect(look(sweep, 2, 25)).toBe(20);
    expect(look(sweep, 3)).toBeUndefined();
    expect(look(sweep, 100, 7, { more: true })).toBeUndefined();
    expect(look(sweep, 101, 26)).toBe(7);
  });

  it('does not go back for something that was found late', () => {
    const sweep = createSweep<number>(100);
    for (const now of [0, 100, 200]) look(sweep, now, 1_000);
    look(sweep, 300, 5);
    expect(look(sweep, 301)).toBe(1_000);
  });

  it('begins at the beginning so seldom that it takes a tenth of the time', () => {
    const sweep = createSweep<number>(100);
    for (const now of [0, 100]) look(sweep, now, 10);
    look(sweep, 200, 10, { ms: 50 });
    expect(look(sweep, 700, 10)).toBe(10);
    expect(look(sweep, 750, 10)).toBeUndefined();
  });

  it('begins at the beginning when it is told to', () => {
    const sweep = createSweep<number>(100);
    for (const now of [0, 100, 200]) look(sweep, now, 10);
    expect(look(sweep, 201)).toBe(10);
    sweep.restart();
    expect(look(sweep, 202)).toBeUndefined();
    expect(look(sweep, 203)).toBe(10);
  });
});
