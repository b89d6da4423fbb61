import { AlpesError } from '@alpes/messaging';
import type { Attempt, Bff } from '../domain/bff.js';
import { randomOrders } from '../domain/random-orders.js';

interface Parts {
  readonly bff: Pick<Bff, 'placeOrder'>;
  /** Of a run: other runs of the same seed make other orders. */
  readonly newRun: () => string;
}

export interface PlacedOrder {
  readonly id: string;
  readonly status: string;
}

/** Places some orders of a seed, once each; throws `unavailable` if not all were accepted for sure. */
export function placeRandomOrders({ bff, newRun }: Parts) {
  return async (count: number, seed: number, traceparent: string): Promise<readonly PlacedOrder[]> => {
    const orderAt = randomOrders(seed);
    const run = newRun();
    const attempts = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        bff.placeOrder(orderAt(index), `faker-${seed}-${run}-${index}`, traceparent),
      ),
    );
    assertAccepted(attempts);
    return attempts.flatMap((attempt) =>
      attempt.kind === 'accepted' ? [{ id: attempt.id, status: attempt.status }] : [],
    );
  };
}

function assertAccepted(attempts: readonly Attempt[]): void {
  const failed = attempts.filter((attempt) => attempt.kind !== 'accepted');
  const [first] = failed;
  if (first === undefined) return;
  const text = `${attempts.length - failed.length} of ${attempts.length} orders were accepted; ${first.reason}`;
  // An order that the BFF refuses as wrong is an error of ours: it made the order.
  throw new AlpesError(first.kind === 'refused' ? 'unknown' : 'unavailable', text);
}
