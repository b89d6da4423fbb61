import type { Order } from '../../../../services/order/src/domain/order.js';
import type { OrderStore } from '../../../../services/order/src/domain/order-store.js';
import type { MemoryTx } from './memory-database.js';

export type OrderTx = MemoryTx<Order>;

/** The orders, as PostgreSQL would keep them. */
export const memoryOrders: OrderStore<OrderTx> = {
  insert: ({ rows }, orders) => {
    const inserted = orders.filter(({ id }) => !rows.has(id));
    for (const order of inserted) rows.set(order.id, order);
    return Promise.resolve(inserted);
  },
  lock: ({ rows }, ids) =>
    Promise.resolve(
      new Map(
        ids.toSorted().flatMap((id) => {
          const order = rows.get(id);
          return order === undefined ? [] : [[id, order] as const];
        }),
      ),
    ),
  update: ({ rows }, orders) => {
    for (const { id, status, version, updatedAt } of orders) {
      const order = rows.get(id);
      if (order !== undefined) rows.set(id, { ...order, status, version, updatedAt });
    }
    return Promise.resolve();
  },
};
