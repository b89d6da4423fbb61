import { AlpesError } from '@alpes/messaging';
import type { Step } from '../domain/step.js';
import { inOrder } from '../domain/timeline.js';

/** The timeline of one order. */
export interface Saga {
  readonly orderId: string;
  /** The trace of the request with which it began. */
  readonly traceId: string;
  readonly steps: readonly Step[];
  /** Whether there are more steps than those. */
  readonly isCut: boolean;
}

/**
 * Most steps of a timeline that are told. An order has a handful; one whose payment is tried for days without end has
 * thousands, and to put them in order takes time that grows with their square.
 */
const MOST_STEPS = 1_000;

/** What happened to an order so far, in its order; throws `not-found` if that is nothing. */
export function findSaga({ read }: { read: (orderId: string, limit: number) => Promise<readonly Step[]> }) {
  return async (orderId: string): Promise<Saga> => {
    const found = await read(orderId, MOST_STEPS + 1);
    const steps = inOrder(found.slice(0, MOST_STEPS));
    const [first] = steps;
    if (first !== undefined) return { orderId, traceId: first.traceId, steps, isCut: found.length > MOST_STEPS };
    throw new AlpesError('not-found', `there is no step of an order ${orderId}`, {
      details: [{ path: 'params.id', message: 'no step of this order was recorded' }],
    });
  };
}
