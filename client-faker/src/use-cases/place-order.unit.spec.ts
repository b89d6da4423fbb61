import { describe, expect, it } from '@jest/globals';
import type { Attempt } from '../domain/bff.js';
import { randomOrders } from '../domain/random-orders.js';
import { virtualTime } from '../testing/virtual-time.js';
import { placeOrder } from './place-order.js';

const order = randomOrders(1)(0);
const ACCEPTED: Attempt = { kind: 'accepted', id: 'id', status: 'PENDING' };
const UNKNOWN: Attempt = { kind: 'not known', reason: '503' };

/** A BFF that gives these answers, the last one for ever. */
function createWorld(...answers: Attempt[]) {
  const time = virtualTime();
  const controller = new AbortController();
  const sent: { key: string; at: number }[] = [];
  const bff = {
    placeOrder: (_order: unknown, key: string) => {
      sent.push({ key, at: time.now() });
      return Promise.resolve(answers[Math.min(sent.length, answers.length) - 1] ?? ACCEPTED);
    },
  };
  const place = placeOrder({ bff, time, patienceMs: 60_000, signal: controller.signal });
  return { place, sent, time, controller };
}

describe('placing an order', () => {
  it('takes one request when it is accepted', async () => {
    const { place, sent } = createWorld(ACCEPTED);
    expect(await place(order, 'k')).toEqual({ kind: 'accepted', id: 'id', repeats: 0 });
    expect(sent).toHaveLength(1);
  });

  it('repeats it with the same key, with growing delays, while it is not known', async () => {
    const { place, sent } = createWorld(UNKNOWN, UNKNOWN, UNKNOWN, ACCEPTED);
    expect(await place(order, 'k')).toEqual({ kind: 'accepted', id: 'id', repeats: 3 });
    expect(sent).toEqual([0, 200, 600, 1_400].map((at) => ({ key: 'k', at })));
  });

  it('waits as long as the other side wants', async () => {
    const { place, sent } = createWorld({ ...UNKNOWN, afterMs: 7_000 }, ACCEPTED);
    await place(order, 'k');
    expect(sent.map(({ at }) => at)).toEqual([0, 7_000]);
  });

  it('takes a refusal for an answer', async () => {
    const { place, sent } = createWorld({ kind: 'refused', reason: '400 invalid-input' });
    expect(await place(order, 'k')).toEqual({ kind: 'failed', reason: '400 invalid-input', repeats: 0 });
    expect(sent).toHaveLength(1);
  });

  it('gives up when its patience ends', async () => {
    const { place, time } = createWorld(UNKNOWN);
    expect(await place(order, 'k')).toMatchObject({ kind: 'failed', reason: 'gave up after 60 s: 503' });
    expect(time.now()).toBeLessThanOrEqual(60_000);
  });

  it('gives up at once when it is told to end', async () => {
    const { place, sent, controller } = createWorld(UNKNOWN);
    controller.abort();
    expect(await place(order, 'k')).toMatchObject({ kind: 'failed', reason: 'interrupted: 503' });
    expect(sent).toHaveLength(1);
  });
});
