import type { Outbox, SubscriptionDefinition } from '@alpes/messaging';
import { orderEvents } from '../../../../services/order/src/adapters/order-events.js';
import { onCrearOrden, onTransaccionProcesada } from '../../../../services/order/src/adapters/subscriptions.js';
import type { Order } from '../../../../services/order/src/domain/order.js';
import { applyTransactions } from '../../../../services/order/src/use-cases/apply-transactions.js';
import { createOrders } from '../../../../services/order/src/use-cases/create-orders.js';
import type { LifeFaults, Publish } from './faults.js';
import { type Commit, createMemoryDatabase, type MemoryDatabase } from './memory-database.js';
import { memoryOrders, type OrderTx } from './memory-orders.js';

/** The order service over a database in memory. */
export interface OrderService {
  readonly database: MemoryDatabase<Order>;
  readonly subscriptions: readonly SubscriptionDefinition<OrderTx>[];
}

export function createOrderService(
  faults: LifeFaults,
  publish: Publish,
  committed: (commit: Commit<Order>) => void,
): OrderService {
  const database = createMemoryDatabase(publish, committed);
  const outbox: Outbox<OrderTx> = faults.outbox?.(database.outbox, publish) ?? database.outbox;
  const store = faults.orders?.(memoryOrders) ?? memoryOrders;
  const nobody = (): void => {};
  const parts = { store, events: orderEvents(outbox), clock: () => new Date(), ended: nobody };
  return {
    database,
    subscriptions: [onCrearOrden(createOrders(parts)), onTransaccionProcesada(applyTransactions(parts), nobody)],
  };
}
