import { AlpesError } from '@alpes/messaging';
import type { Step } from '../domain/step.js';
import { inOrder } from '../domain/timeline.js';

/** The timeline of one order. */
export interface Saga {
  readonly orderId: string;
  /** The trace of the request with which it began. */
  readonly traceId: string;
  readonly steps: readonly Step[];
}

/** What happened to an order so far, in its order; throws `not-found` if that is nothing. */
export function findSaga({ read }: { read: (orderId: string) => Promise<readonly Step[]> }) {
  return async (orderId: string): Promise<Saga> => {
    const steps = inOrder(await read(orderId));
    const [first] = steps;
    if (first !== undefined) return { orderId, traceId: first.traceId, steps };
    throw new AlpesError('not-found', `there is no step of an order ${orderId}`, {
      details: [{ path: 'params.id', message: 'no step of this order was recorded' }],
    });
  };
}
