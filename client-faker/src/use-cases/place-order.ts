import type { Bff } from '../domain/bff.js';
import type { Order } from '../domain/order.js';
import type { Outcome } from '../domain/tally.js';
import type { Time } from '../domain/time.js';

interface Parts {
  readonly bff: Pick<Bff, 'placeOrder'>;
  readonly time: Time;
  /** How long in ms an order is repeated before it counts as failed. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const FIRST_DELAY_MS = 200;
const MAX_DELAY_MS = 5_000;

/**
 * Places an order for sure: while it is not known whether it was accepted, the same request goes out again with the same
 * key, with growing delays, and not before the other side wants it.
 */
export function placeOrder({ bff, time, patienceMs, signal }: Parts) {
  return async (order: Order, key: string): Promise<Outcome> => {
    const deadline = time.now() + patienceMs;
    for (let repeats = 0; ; repeats += 1) {
      const attempt = await bff.placeOrder(order, key);
      if (attempt.kind === 'accepted') return { kind: 'accepted', id: attempt.id, repeats };
      if (attempt.kind === 'refused') return { kind: 'failed', reason: attempt.reason, repeats };
      const delay = Math.max(attempt.afterMs ?? 0, Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** repeats));
      const hopeless = time.now() + delay > deadline;
      if (!hopeless) await time.pause(delay, signal);
      if (hopeless || signal.aborted) {
        const why = hopeless ? `gave up after ${patienceMs / 1_000} s` : 'interrupted';
        return { kind: 'failed', reason: `${why}: ${attempt.reason}`, repeats };
      }
    }
  };
}
