import { describe, expect, it } from '@jest/globals';
import { isSustained, searchRate } from './search.js';
import type { Trial } from './trial.js';

/** A system that finishes so many orders a second: with more the last ones wait for all before them. */
function trialOf(capacity: number, rate: number, refused: Trial['refused'] = {}): Trial {
  const seconds = 20;
  const orders = Array.from({ length: rate * seconds }, (_, index) => {
    const dueAt = (index * 1_000) / rate;
    return {
      id: String(index),
      dueAt,
      answeredAt: dueAt + 5,
      finishedAt: Math.max(dueAt + 50, (index * 1_000) / capacity),
    };
  });
  const used = { cpu: {}, statements: 0, commits: 0, messages: 0 };
  return { rate, seconds, orders, refused, used, memory: {} };
}

describe('the search for the largest rate that is sustained', () => {
  it.each([30, 130, 700, 1_170, 3_333])('finds the limit of a system that can do %s a second', async (capacity) => {
    const tried: number[] = [];
    const best = await searchRate(100, async (rate) => {
      tried.push(rate);
      return trialOf(capacity, rate);
    });
    // A queue that grows for 20 s and is then a second long is sustained.
    expect(best).toBeGreaterThan(0.93 * capacity);
    expect(best).toBeLessThan(1.07 * capacity);
    expect(new Set(tried).size).toBeLessThan(12);
  });

  it('is not misled by one bad moment at each rate, nor by one good one', async () => {
    const tries = new Map<number, number>();
    const best = await searchRate(100, async (rate) => {
      const number = (tries.get(rate) ?? 0) + 1;
      tries.set(rate, number);
      return trialOf(number === 2 ? (rate > 700 ? 10_000 : 1) : 700, rate);
    });
    expect(best).toBeGreaterThan(0.93 * 700);
    expect(best).toBeLessThan(1.07 * 700);
  });

  it('finds one of two a second, and none where one is too much', async () => {
    expect(await searchRate(100, async (rate) => trialOf(2, rate))).toBe(2);
    const stuck = await searchRate(100, async (rate) => trialOf(1_000, rate, { '503': 1 }));
    expect(stuck).toBeUndefined();
  });
});

describe('a rate', () => {
  it('is not sustained where one order was refused, or one in fifty never finished', () => {
    const calm = trialOf(1_000, 100);
    expect(isSustained(calm)).toBe(true);
    expect(isSustained({ ...calm, refused: { '503': 1 } })).toBe(false);
    const orders = calm.orders.map((order, index) => (index % 50 === 0 ? { ...order, finishedAt: undefined } : order));
    expect(isSustained({ ...calm, orders })).toBe(false);
  });
});
