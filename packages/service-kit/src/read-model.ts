import { catalogue } from '@alpes/contracts';
import {
  createReplay,
  type Logger,
  type Replay,
  type ReplayedDeath,
  type SqlClient,
  type Transport,
} from '@alpes/messaging';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { ServiceSettings } from './config.js';
import { postgresAdapter } from './database.js';
import { createLogger } from './logging.js';
import { messagingSettingsOf } from './messaging-settings.js';
import type { App, DatabaseClient, ServiceContext } from './service.js';
import { createRegistry } from './telemetry.js';

/** Of a service whose tables are made of messages alone: what is needed to make them again. */
export interface ReadModel<Tx extends SqlClient, Client extends DatabaseClient<Tx>> {
  /** Makes its Prisma client. */
  readonly connect: (adapter: PrismaPg) => Client;
  readonly build: (
    context: ServiceContext<Tx> & { readonly prisma: Client; readonly settings: ServiceSettings },
  ) => App<Tx>;
  /** All of its tables, by their names. */
  readonly tables: Readonly<Record<string, ReadModelTable>>;
}

export interface ReadModelTable {
  /** The column with the key of the messages that a row is made of. */
  readonly subject: string;
  /** The columns that say when a row was written, not what the messages say. */
  readonly leftOut: readonly string[];
}

export interface ReplayServiceOptions<Tx extends SqlClient, Client extends DatabaseClient<Tx>> {
  readonly name: string;
  readonly model: ReadModel<Tx, Client>;
  /** `DATABASE_URL` is that of the database that is filled. */
  readonly settings: ServiceSettings;
  readonly transport: Transport;
  readonly logger: Logger;
  readonly onDeath: (death: ReplayedDeath) => void;
}

/** Has the handlers of a service, without anything else of it, handle its messages once more, into another database. */
export async function replayService<Tx extends SqlClient, Client extends DatabaseClient<Tx>>({
  name,
  model,
  settings,
  ...options
}: ReplayServiceOptions<Tx, Client>): Promise<Pick<Replay<Tx>, 'catchUp' | 'stop'>> {
  const prisma = model.connect(postgresAdapter(settings));
  const replay = createReplay<Tx>({
    ...{ ...options, service: name, prisma, catalogue, settings: messagingSettingsOf(settings) },
  });
  const logger = createLogger(name, 'silent');
  const app = model.build({ outbox: replay, logger, registry: createRegistry(name), prisma, settings });
  await replay.start(app.subscriptions);
  return {
    catchUp: replay.catchUp,
    stop: async () => {
      await replay.stop();
      await prisma.$disconnect();
    },
  };
}
