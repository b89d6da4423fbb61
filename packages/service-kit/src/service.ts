import { catalogue } from '@alpes/contracts';
import {
  createMessaging,
  type Outbox,
  type SqlClient,
  type SubscriptionDefinition,
  type TransactionalClient,
  within,
} from '@alpes/messaging';
import type { Router } from 'express';
import type { Registry } from 'prom-client';
import { connectBroker, watchBroker } from './broker.js';
import type { ServiceSettings } from './config.js';
import { checkDatabase } from './database.js';
import { deadLetterRoutes } from './http/dead-letters.js';
import type { LongLanes } from './http/long-lanes.js';
import { type Check, createHttpServer } from './http/server.js';
import type { RunningProcess } from './lifecycle.js';
import type { Logger } from './logging.js';
import { messagingSettingsOf } from './messaging-settings.js';
import { createRegistry } from './telemetry.js';

/** Work that goes on beside messages and requests. */
export interface Worker {
  start(): void;
  /** Finishes what is in hand. */
  stop(): Promise<void>;
}

/** Everything that a service does: its table of contents. */
export interface App<Tx> {
  readonly subscriptions: readonly SubscriptionDefinition<Tx>[];
  readonly routes?: (router: Router) => void;
  /** The lanes that its routes name. */
  readonly lanes?: LongLanes;
  readonly workers?: readonly Worker[];
  readonly checks?: Readonly<Record<string, Check>>;
}

/** What the kit gives a service. */
export interface ServiceContext<Tx> {
  readonly outbox: Outbox<Tx>;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** A Prisma client that owns connections. */
export type DatabaseClient<Tx extends SqlClient> = TransactionalClient<Tx> & { $disconnect(): Promise<void> };

export interface ServiceOptions<Tx extends SqlClient> {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly prisma: DatabaseClient<Tx>;
  readonly logger: Logger;
  readonly build: (context: ServiceContext<Tx>) => App<Tx>;
}

/** The part of GRACE_MS that the broker has to take what is left, and to answer; the rest is for the end of its connections. */
const DRAINING = 0.6;

/** Starts a service: HTTP first, so that it can say that it waits, then messages and workers; stops it the other way. */
export async function startService<Tx extends SqlClient>(options: ServiceOptions<Tx>): Promise<RunningProcess> {
  const { name, settings, prisma, logger, build } = options;
  const registry = createRegistry(name);
  const transport = connectBroker(settings);
  const messaging = createMessaging<Tx>({
    ...{ service: name, prisma, databaseUrl: settings.DATABASE_URL, transport, catalogue, logger, registry },
    settings: messagingSettingsOf(settings),
  });
  const app = build({ outbox: messaging, logger, registry });
  const broker = watchBroker(transport, catalogue.topicsOf(name), logger);
  const http = createHttpServer({
    ...{ logger, registry, settings, lanes: app.lanes ?? {} },
    routes: (router) => {
      deadLetterRoutes(messaging.deadLetters, logger)(router);
      app.routes?.(router);
    },
    checks: {
      ...{ database: () => checkDatabase(prisma), broker: broker.check },
      ...{ outbox: messaging.check, tables: messaging.checkTables, ...app.checks },
    },
  });
  const drain = async (): Promise<void> => {
    const workers = (app.workers ?? []).map((worker) => worker.stop());
    await Promise.all([http.close(), messaging.stopConsuming(), ...workers]);
    await messaging.stop();
  };
  const port = await http.listen(settings.HOST, settings.PORT);
  messaging.start(app.subscriptions);
  for (const worker of app.workers ?? []) worker.start();
  return {
    port,
    stop: async () => {
      broker.stop();
      const draining = drain();
      // From here on nobody waits for the broker: what was committed and not published stays in the outbox.
      await within(settings.GRACE_MS * DRAINING, draining);
      await transport.close();
      await draining;
      await prisma.$disconnect();
    },
  };
}
