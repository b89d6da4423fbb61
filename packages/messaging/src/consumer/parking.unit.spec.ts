import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../subscriber.js';
import type { Arrival } from './delivery.js';
import { createParking, newTrial, type Trial } from './parking.js';

let offset = 0;
function trialOf(key: string): Trial {
  offset += 1;
  const received: ReceivedMessage = {
    ...{ topic: 'orders', key, payload: new Uint8Array(), properties: {}, partition: 0 },
    ...{ position: `0:${offset}`, publishedAt: new Date(0) },
  };
  return newTrial({ received } as Arrival);
}

const delay = (failures: number) => failures * 100;

describe('a parking', () => {
  it('holds nothing back at first', () => {
    const parking = createParking();
    expect(parking.queue(trialOf('a'))).toBe(false);
    expect(parking.due(Infinity)).toBeUndefined();
    expect(parking.nextDueAt()).toBeUndefined();
    expect(parking.size()).toBe(0);
  });

  it('holds back the later messages of a key that failed, and no others', () => {
    const parking = createParking();
    parking.park(trialOf('a'), 0, delay);
    expect(parking.queue(trialOf('a'))).toBe(true);
    expect(parking.queue(trialOf('b'))).toBe(false);
    expect(parking.size()).toBe(2);
  });

  it('queues a message once, however often it is received while it waits', () => {
    const parking = createParking();
    const [first, second] = [trialOf('a'), trialOf('a')];
    parking.park(first, 0, delay);
    for (const again of [second, first, second]) expect(parking.queue(newTrial(again))).toBe(true);
    expect(parking.size()).toBe(2);
  });

  it('gives the oldest of a key when its delay has passed, which grows with each failure', () => {
    const parking = createParking();
    const first = trialOf('a');
    parking.park(first, 0, delay);
    parking.queue(trialOf('a'));
    expect(parking.due(99)).toBeUndefined();
    expect(parking.due(100)).toBe(first);
    parking.park(first, 100, delay);
    expect(parking.nextDueAt()).toBe(300);
    expect(parking.size()).toBe(2);
  });

  it('gives the next of the key at once when one is settled, and lets the key go after the last', () => {
    const parking = createParking();
    const [first, second] = [trialOf('a'), trialOf('a')];
    parking.park(first, 0, delay);
    parking.queue(second);
    parking.settle(first);
    expect(parking.due(0)).toBe(second);
    parking.park(second, 0, delay);
    expect(parking.nextDueAt()).toBe(100);
    parking.settle(second);
    expect(parking.queue(trialOf('a'))).toBe(false);
  });

  it('is not confused by what was never parked', () => {
    const parking = createParking();
    parking.park(trialOf('a'), 0, delay);
    parking.settle(trialOf('a'));
    parking.settle(trialOf('b'));
    expect(parking.size()).toBe(1);
  });

  it('waits for the earliest of several keys', () => {
    const parking = createParking();
    const [a, b] = [trialOf('a'), trialOf('b')];
    parking.park(a, 50, delay);
    parking.park(b, 0, delay);
    expect(parking.nextDueAt()).toBe(100);
    expect(parking.due(120)).toBe(b);
  });

  it('holds back nothing behind a message without a key', () => {
    const parking = createParking();
    parking.park(trialOf(''), 0, delay);
    expect(parking.queue(trialOf(''))).toBe(false);
  });
});
