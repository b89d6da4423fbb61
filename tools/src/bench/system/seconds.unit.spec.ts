import { expect, it } from '@jest/globals';
import { secondsOf } from './seconds.js';
import type { Trial } from './trial.js';

const order = (dueAt: number, answeredAt: number, finishedAt: number | undefined) => ({
  ...{ id: String(dueAt), dueAt, answeredAt, finishedAt },
});

it('a run is told second by second, with what waited at the end of each', () => {
  const orders = [
    order(0, 10, 900),
    order(100, 130, 2_400),
    order(1_500, 1_505, 2_600),
    order(1_600, 1_610, undefined),
  ];
  const seconds = secondsOf({ orders } as unknown as Trial);
  expect(seconds.map(({ accepted, finished, backlog }) => [accepted, finished, backlog])).toEqual([
    [2, 1, 1],
    [2, 0, 3],
    [0, 2, 1],
  ]);
  expect(seconds.map(({ accept, finish }) => [accept.p99, finish.p99])).toEqual([
    [30, 890],
    [10, undefined],
    [undefined, 2_270],
  ]);
});
