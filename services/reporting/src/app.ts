import type { App, ServiceContext } from '@alpes/service-kit';
import { reportRoutes } from './adapters/http.js';
import { openReports } from './adapters/report-export.js';
import { reportReader, reportStore } from './adapters/report-store.js';
import { onOrdenActualizada, onOrdenCreada, onTransaccionProcesada } from './adapters/subscriptions.js';
import * as formats from './formats/index.js';
import type { Prisma, PrismaClient } from './gen/prisma/client.js';
import type { ReportingSettings } from './settings.js';
import { exportOrders } from './use-cases/export-orders.js';
import { exportReport } from './use-cases/export-report.js';
import { recordOrders } from './use-cases/record-orders.js';
import { recordTransactions } from './use-cases/record-transactions.js';

type Tx = Prisma.TransactionClient;
type Context = ServiceContext<Tx> & { readonly prisma: PrismaClient; readonly settings: ReportingSettings };

/** All that the reporting service does. */
export function createApp({ prisma, logger, settings }: Context): App<Tx> {
  const parts = { store: reportStore };
  const allFormats = Object.values(formats);
  return {
    subscriptions: [
      onOrdenCreada(recordOrders(parts)),
      onOrdenActualizada(recordOrders(parts)),
      onTransaccionProcesada(recordTransactions(parts)),
    ],
    routes: reportRoutes({
      exportReport: exportReport({ read: reportReader(prisma), formats: allFormats }),
      exportOrders: exportOrders({ open: openReports(settings), formats: allFormats }),
      ...{ logger, stallMs: settings.EXPORT_STALL_MS },
    }),
    lanes: { export: { most: settings.MAX_EXPORTS, answerTimeoutMs: settings.EXPORT_TIMEOUT_MS } },
  };
}
