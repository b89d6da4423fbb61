import type { App, ServiceContext } from '@alpes/service-kit';
import { orderRoutes } from './adapters/http.js';
import { orderEvents } from './adapters/order-events.js';
import { orderReader, orderStore } from './adapters/order-store.js';
import { onCrearOrden, onTransaccionProcesada } from './adapters/subscriptions.js';
import type { Prisma, PrismaClient } from './gen/prisma/client.js';
import { applyTransactions } from './use-cases/apply-transactions.js';
import { createOrders } from './use-cases/create-orders.js';
import { findOrder } from './use-cases/find-order.js';

type Tx = Prisma.TransactionClient;

/** All that the order service does. */
export function createApp({ outbox, prisma }: ServiceContext<Tx> & { readonly prisma: PrismaClient }): App<Tx> {
  const parts = { store: orderStore, events: orderEvents(outbox), clock: () => new Date() };
  return {
    subscriptions: [onCrearOrden(createOrders(parts)), onTransaccionProcesada(applyTransactions(parts))],
    routes: orderRoutes({ findOrder: findOrder({ read: orderReader(prisma) }) }),
  };
}
