import { AlpesError } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { findRecent } from './find-recent.js';

const cause = { id: 'request', correlationId: 'request', traceparent: 'trace' };
const NOT_FOUND = new AlpesError('not-found', 'there is no such order');
const START = 1_700_000_000_000;

/** A world whose time passes only in pauses. */
function createWorld(waitMs: number) {
  let now = START;
  const recent = findRecent({
    clock: () => new Date(now),
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    waitMs,
  });
  return { recent, elapsed: () => now - START };
}

const idOf = (ageMs: number) => uuidv7({ msecs: START - ageMs });

describe('finding what belongs to an order', () => {
  it('answers at once when it is there', async () => {
    const { recent, elapsed } = createWorld(2_000);
    await expect(recent(() => Promise.resolve('order'))(idOf(0), cause)).resolves.toBe('order');
    expect(elapsed()).toBe(0);
  });

  it('waits for an order that was accepted a moment ago', async () => {
    const { recent, elapsed } = createWorld(2_000);
    const read = recent(() => (elapsed() < 500 ? Promise.reject(NOT_FOUND) : Promise.resolve('order')));
    await expect(read(idOf(100), cause)).resolves.toBe('order');
    expect(elapsed()).toBeLessThan(1_000);
  });

  it('gives up when the wait is over', async () => {
    const { recent, elapsed } = createWorld(2_000);
    await expect(recent(() => Promise.reject(NOT_FOUND))(idOf(0), cause)).rejects.toBe(NOT_FOUND);
    expect(elapsed()).toBe(2_000);
  });

  it('does not wait for an order of long ago', async () => {
    const { recent, elapsed } = createWorld(2_000);
    await expect(recent(() => Promise.reject(NOT_FOUND))(idOf(60_000), cause)).rejects.toBe(NOT_FOUND);
    expect(elapsed()).toBe(0);
  });

  it('does not wait for a service that is away', async () => {
    const { recent, elapsed } = createWorld(2_000);
    const away = new AlpesError('unavailable', 'away');
    await expect(recent(() => Promise.reject(away))(idOf(0), cause)).rejects.toBe(away);
    expect(elapsed()).toBe(0);
  });
});
