import type { App, ServiceContext } from '@alpes/service-kit';
import { reportRoutes } from './adapters/http.js';
import { reportReader, reportStore } from './adapters/report-store.js';
import { onOrdenActualizada, onOrdenCreada, onTransaccionProcesada } from './adapters/subscriptions.js';
import * as formats from './formats/index.js';
import type { Prisma, PrismaClient } from './gen/prisma/client.js';
import { exportReport } from './use-cases/export-report.js';
import { recordOrders } from './use-cases/record-orders.js';
import { recordTransactions } from './use-cases/record-transactions.js';

type Tx = Prisma.TransactionClient;

/** All that the reporting service does. */
export function createApp({ prisma }: ServiceContext<Tx> & { readonly prisma: PrismaClient }): App<Tx> {
  const parts = { store: reportStore };
  return {
    subscriptions: [
      onOrdenCreada(recordOrders(parts)),
      onOrdenActualizada(recordOrders(parts)),
      onTransaccionProcesada(recordTransactions(parts)),
    ],
    routes: reportRoutes({
      exportReport: exportReport({ read: reportReader(prisma), formats: Object.values(formats) }),
    }),
  };
}
