import { describe, expect, it } from '@jest/globals';
import { restartDelays } from './backoff.js';

describe('the delay before a restart', () => {
  it('grows with each crash up to five seconds', () => {
    const delayAfter = restartDelays();
    expect([1, 2, 3, 4, 5, 6, 7].map(() => delayAfter(100))).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });

  it('is short again after a life of thirty seconds', () => {
    const delayAfter = restartDelays();
    for (let crash = 0; crash < 5; crash++) delayAfter(100);
    expect(delayAfter(30_000)).toBe(250);
    expect(delayAfter(100)).toBe(500);
  });
});
