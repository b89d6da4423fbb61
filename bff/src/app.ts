import { type CleanerOptions, createCleaner, type Transport } from '@alpes/messaging';
import { type App, type BrokerWatch, checkDatabase, type Logger } from '@alpes/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { bffRoutes } from './adapters/http.js';
import { acceptedCounter } from './adapters/metrics.js';
import { idempotencyStore } from './adapters/idempotency-store.js';
import { orderClient } from './adapters/order-client.js';
import { orderCommands } from './adapters/order-commands.js';
import { reportingClient } from './adapters/reporting-client.js';
import { sagaLogClient } from './adapters/saga-log-client.js';
import { serviceClient } from './adapters/service-client.js';
import type { PrismaClient } from './gen/prisma/client.js';
import type { BffSettings } from './settings.js';
import { acceptOrder } from './use-cases/accept-order.js';
import { findRecent } from './use-cases/find-recent.js';

interface Context {
  readonly settings: BffSettings;
  readonly transport: Transport;
  readonly broker: BrokerWatch;
  readonly prisma: PrismaClient;
  readonly logger: Logger;
  readonly registry: CleanerOptions['registry'];
}

/** All that the BFF does. It consumes nothing. */
export function createApp({
  settings,
  transport,
  broker,
  prisma,
  logger,
  registry,
}: Context): Required<Omit<App<never>, 'subscriptions'>> {
  const keys = idempotencyStore({
    ...{ prisma, ttlHours: settings.IDEMPOTENCY_TTL_HOURS, timeoutMs: settings.PUBLISH_TIMEOUT_MS },
  });
  const commands = orderCommands(transport, { timeoutMs: settings.PUBLISH_TIMEOUT_MS });
  const timeoutMs = settings.QUERY_TIMEOUT_MS;
  const orders = orderClient(serviceClient({ name: 'order', baseUrl: settings.ORDER_URL, timeoutMs }));
  const sagaLog = sagaLogClient(serviceClient({ name: 'saga-log', baseUrl: settings.SAGA_LOG_URL, timeoutMs }));
  const reporting = reportingClient(
    serviceClient({
      ...{ name: 'reporting', baseUrl: settings.REPORTING_URL, timeoutMs },
      renamed: { 'params.id': 'query.id' },
    }),
  );
  const recent = findRecent({ clock: () => new Date(), pause: delay, waitMs: settings.READ_WAIT_MS });
  return {
    routes: bffRoutes({
      acceptOrder: acceptOrder({ keys, commands, newId: uuidv7, accepted: acceptedCounter(registry) }),
      findOrder: recent(orders.find),
      findTimeline: recent(sagaLog.findTimeline),
      fetchReport: (format) => recent(reporting.fetch(format)),
      fetchReports: reporting.fetchMany,
      ...{ logger, stallMs: settings.EXPORT_STALL_MS },
    }),
    lanes: { export: { most: settings.MAX_EXPORTS, answerTimeoutMs: settings.EXPORT_TIMEOUT_MS } },
    workers: [
      createCleaner({
        ...{ everyMs: settings.CLEAN_EVERY_MS, logger, registry },
        steps: { idempotency_keys: keys.deleteExpired },
      }),
    ],
    checks: { broker: broker.check, database: () => checkDatabase(prisma) },
  };
}
