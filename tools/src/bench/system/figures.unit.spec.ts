import { expect, it } from '@jest/globals';
import { figuresOf, ratiosOf } from './figures.js';
import type { Trial } from './trial.js';

/** 100 orders in 10 s, each finished after `ms`; every process has used `cpu` seconds. */
const trial = (ms: number, cpu: number): Trial => ({
  ...{ rate: 10, seconds: 10, refused: {}, memory: { order: 2 ** 20 * ms } },
  orders: Array.from({ length: 100 }, (_, n) => ({
    id: `${n}`,
    dueAt: 100 * n,
    answeredAt: 100 * n,
    finishedAt: 100 * n + ms,
  })),
  used: { cpu: { order: cpu, 'client-faker': 5 }, statements: 300, commits: 200, messages: 500 },
});

it('the figures of some runs are the medians of each, for an order', () => {
  const figures = figuresOf([trial(10, 1), trial(30, 9), trial(20, 2)]);
  expect(figures).toMatchObject({
    ...{ offered: 10, accepted: 10, finished: 10, messages: 5, statements: 3, commits: 2 },
    ...{ finishMs: { p50: 20, p99: 20 }, cpuMs: { order: 20, 'client-faker': 50 }, memoryMb: { order: 20 } },
  });
});

it('the ratios compare with the other ways, and leave out who stands by', () => {
  const way = (ordersPerSecond: number, cpu: number) => ({ orders: 100, ordersPerSecond, cpu: { postgres: cpu } });
  const ratios = ratiosOf({ busy: [trial(10, 2)], floors: [way(100, 1), way(40, 9), way(50, 2)], naive: way(2, 30) });
  expect(ratios).toMatchObject({ ourCpuMs: 20, floorCpuMs: 20, naiveCpuMs: 300, floorPerSecond: 50 });
  expect(ratios).toMatchObject({ cpuOverFloor: 1, shareOfFloor: 0.2, overNaive: 5 });
});
