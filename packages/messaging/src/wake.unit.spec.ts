import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createWake } from './wake.js';

const HOUR = 3_600_000;

describe('a wake', () => {
  it('ends a wait', async () => {
    const wake = createWake();
    const waiting = wake.wait(HOUR, new AbortController().signal);
    wake.wake();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('is remembered when nobody waits, and once', async () => {
    const wake = createWake();
    const { signal } = new AbortController();
    wake.wake();
    wake.wake();
    await wake.wait(HOUR, signal);
    const startedAt = performance.now();
    await wake.wait(20, signal);
    expect(performance.now() - startedAt).toBeGreaterThan(15);
  });

  it('ends a wait when the signal is aborted, before or meanwhile, and leaves no listener on it', async () => {
    const wake = createWake();
    const aborting = new AbortController();
    const { signal } = aborting;
    for (let round = 0; round < 3; round += 1) {
      const woken = wake.wait(HOUR, signal);
      expect(getEventListeners(signal, 'abort')).toHaveLength(1);
      wake.wake();
      await woken;
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
    const waiting = wake.wait(HOUR, signal);
    aborting.abort();
    await waiting;
    await wake.wait(HOUR, signal);
  });
});
