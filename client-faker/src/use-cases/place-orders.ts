import { setMaxListeners } from 'node:events';
import type { Order } from '../domain/order.js';
import type { Outcome } from '../domain/tally.js';
import type { Time } from '../domain/time.js';
import { createSlots } from './slots.js';

interface Parts {
  readonly time: Time;
  readonly place: (order: Order, key: string) => Promise<Outcome>;
  readonly onOutcome: (outcome: Outcome, times: { latencyMs: number; elapsedMs: number }) => void;
  readonly signal: AbortSignal;
}

interface Plan {
  readonly count: number;
  readonly perSecond: number;
  /** Most orders under way at once. */
  readonly concurrency: number;
  readonly orderAt: (index: number) => Order;
  readonly keyAt: (index: number) => string;
}

/**
 * Places orders at a rate that does not depend on the answers: each is due at a time fixed beforehand, as if its client
 * knew nothing of the others. Latencies count from then, so what had to wait for a free slot shows. When the signal is
 * aborted, no more begin; those under way are awaited.
 */
export function placeOrders({ time, place, onOutcome, signal }: Parts) {
  return async ({ count, perSecond, concurrency, orderAt, keyAt }: Plan): Promise<void> => {
    const slots = createSlots(concurrency);
    const running = new Set<Promise<void>>();
    // Each order that is repeated listens to it.
    setMaxListeners(0, signal);
    const start = time.now();
    const run = async (index: number, due: number): Promise<void> => {
      const outcome = await place(orderAt(index), keyAt(index));
      const now = time.now();
      onOutcome(outcome, { latencyMs: now - due, elapsedMs: now - start });
      slots.release();
    };
    for (let index = 0; index < count; index += 1) {
      const due = start + (index * 1_000) / perSecond;
      if (due > time.now()) await time.pause(due - time.now(), signal);
      await slots.acquire();
      if (signal.aborted) break;
      const one = run(index, due).finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.all(running);
  };
}
