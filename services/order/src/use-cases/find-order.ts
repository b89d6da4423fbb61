import { AlpesError } from '@alpes/messaging';
import type { Order } from '../domain/order.js';

/** The order as it is now; throws `not-found`. */
export function findOrder({ read }: { read: (id: string) => Promise<Order | undefined> }) {
  return async (id: string): Promise<Order> => {
    const order = await read(id);
    if (order !== undefined) return order;
    throw new AlpesError('not-found', `there is no order ${id}`, {
      details: [{ path: 'params.id', message: 'no order has this id' }],
    });
  };
}
