import { describe, expect, it } from '@jest/globals';
import { restMs } from './rest.js';

/** How many messages a batch has in the end, at so many a second, where each batch takes so long. */
function settle(perSecond: number, workMs: number): number {
  return Math.max(1, Math.round((perSecond * (workMs + restMs(workMs))) / 1_000));
}

describe('who rests after a batch', () => {
  it.each([
    { perSecond: 17, workMs: 5, messages: 1 },
    { perSecond: 300, workMs: 5, messages: 5 },
    { perSecond: 300, workMs: 20, messages: 18 },
    { perSecond: 800, workMs: 20, messages: 48 },
    { perSecond: 800, workMs: 60, messages: 128 },
  ])('has $messages messages in the next at $perSecond a second, if it takes $workMs ms', (load) => {
    expect(settle(load.perSecond, load.workMs)).toBe(load.messages);
  });

  it('works for a third of its time, and rests no longer than 100 ms', () => {
    for (const tookMs of [1, 10, 50]) expect(restMs(tookMs)).toBe(2 * tookMs);
    for (const tookMs of [51, 10_000]) expect(restMs(tookMs)).toBe(100);
  });
});
