import type { App, ServiceContext } from '@alpes/service-kit';
import { orderRoutes } from './adapters/http.js';
import { orderTimes } from './adapters/metrics.js';
import { openOrdersReader } from './adapters/open-orders.js';
import { orderEvents } from './adapters/order-events.js';
import { orderReader, orderStore } from './adapters/order-store.js';
import { onCrearOrden, onTransaccionProcesada } from './adapters/subscriptions.js';
import type { Prisma, PrismaClient } from './gen/prisma/client.js';
import { applyTransactions } from './use-cases/apply-transactions.js';
import { createOrders } from './use-cases/create-orders.js';
import { findOrder } from './use-cases/find-order.js';

type Tx = Prisma.TransactionClient;
type Context = ServiceContext<Tx> & { readonly prisma: PrismaClient; readonly dueMs: number };

/** All that the order service does. */
export function createApp({ outbox, registry, prisma, dueMs }: Context): App<Tx> {
  const times = orderTimes({ registry, dueMs, open: openOrdersReader(prisma, dueMs) });
  const parts = { store: orderStore, events: orderEvents(outbox), clock: () => new Date() };
  return {
    subscriptions: [
      onCrearOrden(createOrders(parts)),
      onTransaccionProcesada(applyTransactions({ ...parts, ended: times.ended }), times.committed),
    ],
    routes: orderRoutes({ findOrder: findOrder({ read: orderReader(prisma) }) }),
  };
}
