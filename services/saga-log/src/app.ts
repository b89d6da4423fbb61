import type { App, ServiceContext } from '@alpes/service-kit';
import { type GapSettings, gapCounter } from './adapters/gap-counter.js';
import { sagaRoutes } from './adapters/http.js';
import { gapMetric } from './adapters/metrics.js';
import { stepReader, stepStore } from './adapters/step-store.js';
import {
  onCrearLog,
  onCrearOrden,
  onOrdenActualizada,
  onOrdenCreada,
  onTransaccionProcesada,
} from './adapters/subscriptions.js';
import type { Prisma, PrismaClient } from './gen/prisma/client.js';
import { findSaga } from './use-cases/find-saga.js';
import { recordSteps } from './use-cases/record-steps.js';

type Tx = Prisma.TransactionClient;
type Context = ServiceContext<Tx> & { readonly prisma: PrismaClient; readonly gaps: GapSettings };

/** All that the saga log does. */
export function createApp({ prisma, registry, gaps }: Context): App<Tx> {
  const record = recordSteps({ store: stepStore });
  gapMetric({ registry }, gapCounter(prisma, gaps));
  return {
    subscriptions: [
      onCrearOrden(record),
      onOrdenCreada(record),
      onTransaccionProcesada(record),
      onOrdenActualizada(record),
      onCrearLog(record),
    ],
    routes: sagaRoutes({ findSaga: findSaga({ read: stepReader(prisma) }) }),
  };
}
