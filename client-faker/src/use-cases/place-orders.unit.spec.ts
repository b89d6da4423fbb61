import { describe, expect, it } from '@jest/globals';
import { randomOrders } from '../domain/random-orders.js';
import { createTally, count as countOutcome, type Outcome } from '../domain/tally.js';
import { virtualTime } from '../testing/virtual-time.js';
import { placeOrders } from './place-orders.js';

const accepted = (id: string): Outcome => ({ kind: 'accepted', id, repeats: 0 });

/** Orders whose answers come when the test says so. */
function createWorld() {
  const time = virtualTime();
  const controller = new AbortController();
  const begun: { key: string; at: number; answer: () => void }[] = [];
  const tally = createTally();
  const start = (concurrency: number, count: number) =>
    placeOrders({
      ...{ time, signal: controller.signal },
      place: (_order, key) =>
        new Promise((resolve) => {
          begun.push({ key, at: time.now(), answer: () => resolve(accepted(key)) });
        }),
      onOutcome: (outcome, times) => {
        countOutcome(tally, outcome, times);
      },
    })({ count, perSecond: 50, concurrency, orderAt: randomOrders(1), keyAt: (index) => `key-${index}` });
  const answerAll = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      while (begun[index] === undefined) await Promise.resolve();
      begun[index]?.answer();
    }
  };
  return { begun, tally, start, answerAll, controller, time };
}

/** Lets all that can go on without an answer go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('placing orders', () => {
  it('begins each when it is due, whether the others were answered or not', async () => {
    const { begun, start, answerAll } = createWorld();
    const done = start(100, 10);
    await settle();
    expect(begun.map(({ at }) => at)).toEqual([0, 20, 40, 60, 80, 100, 120, 140, 160, 180]);
    await answerAll(10);
    await done;
  });

  it('has no more under way than it may', async () => {
    const { begun, start, answerAll } = createWorld();
    const done = start(3, 10);
    await settle();
    expect(begun).toHaveLength(3);
    begun[1]?.answer();
    await settle();
    expect(begun).toHaveLength(4);
    await answerAll(10);
    await done;
  });

  it('counts the time that an order waited for its turn', async () => {
    const { begun, start, tally, time } = createWorld();
    const done = start(1, 2);
    await settle();
    await time.pause(1_000, new AbortController().signal);
    begun[0]?.answer();
    await settle();
    begun[1]?.answer();
    await done;
    // The clock stood at 20 ms when the second was due; then a second went by.
    expect(tally.latencies).toEqual([1_020, 1_000]);
  });

  it('begins no more when it is told to end, and awaits those under way', async () => {
    const { begun, start, tally, answerAll, controller } = createWorld();
    const done = start(3, 10);
    await settle();
    controller.abort();
    await answerAll(3);
    await done;
    expect(begun).toHaveLength(3);
    expect(tally.accepted).toHaveLength(3);
  });
});
