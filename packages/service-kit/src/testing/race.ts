import { catalogue } from '@alpes/contracts';
import { createMessaging, type SqlClient, type TransportMessage } from '@alpes/messaging';
import { dawdle, deadlocksIn, eventually, hastyAboutDeadlocks } from '@alpes/messaging/testing';
import { Registry } from 'prom-client';
import { readConfig, type ServiceSettings, serviceSettings } from '../config.js';
import { postgresAdapter } from '../database.js';
import { createLogger } from '../logging.js';
import type { DatabaseClient } from '../service.js';
import { createTestBed } from './test-bed.js';
import type { TestServiceOptions } from './test-service.js';
import { shuffledTransport } from './shuffled-transport.js';

/** What came of a race. */
export interface Race<Client> {
  readonly prisma: Client;
  /** What was published, dead letters included, in no order. */
  readonly published: readonly TransportMessage[];
  /** How many deadlocks PostgreSQL has ended. */
  readonly deadlocks: number;
  drop(): Promise<void>;
}

/**
 * What a replica gets, by its number from 0. Replicas that get the same messages meet at the inbox; those that get other
 * messages about the same rows meet at these.
 */
export type Round = (replica: number) => readonly TransportMessage[];

export interface RaceOptions<Tx extends SqlClient, Client extends DatabaseClient<Tx>> extends TestServiceOptions<
  Tx,
  Client
> {
  /** What each replica gets, round by round; within a round all is on the way at once. */
  readonly rounds: readonly Round[];
  /** Whether the work that goes on beside the messages of a round has ended too. */
  readonly isAtRest?: (prisma: Client) => Promise<boolean>;
}

/**
 * Without the notes of what is in hand all replicas handle their batches together; else each would find most of its
 * messages in the hands of another, and try them alone.
 */
const FORGET_NOTES = [
  `CREATE FUNCTION messaging.forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
  'CREATE TRIGGER a_forget BEFORE INSERT ON messaging.in_hand FOR EACH ROW EXECUTE FUNCTION messaging.forget()',
];

const REPLICAS = 4;
const WAIT = { timeoutMs: 60_000 };

/**
 * Has several replicas of a service, on one database, handle messages about the same things at the same time, each in an
 * order of its own: whoever locks rows in the order of its messages deadlocks. PostgreSQL looks for that at once, not after a second.
 */
export async function race<Tx extends SqlClient, Client extends DatabaseClient<Tx>>(
  options: RaceOptions<Tx, Client>,
): Promise<Race<Client>> {
  const bed = await createTestBed(options.migrations);
  const settings = readConfig(serviceSettings, bed.env);
  const databaseUrl = hastyAboutDeadlocks(settings.DATABASE_URL);
  const connect = () => options.connect(postgresAdapter({ ...settings, DATABASE_URL: databaseUrl }));
  const published: TransportMessage[] = [];
  await dawdle(settings.DATABASE_URL);
  const setUp = connect();
  for (const sql of FORGET_NOTES) await setUp.$executeRawUnsafe(sql);
  await setUp.$disconnect();
  for (const round of options.rounds) {
    const prisma = connect();
    const replicas = Array.from({ length: REPLICAS }, (_, index) =>
      startReplica(options, {
        settings,
        databaseUrl,
        prisma: connect(),
        messages: round(index),
        published,
        seed: index + 1,
      }),
    );
    await eventually(() => replicas.every(({ isDone }) => isDone()), WAIT);
    await eventually(async () => (await options.isAtRest?.(prisma)) ?? true, WAIT);
    await Promise.all([...replicas.map(({ stop }) => stop()), prisma.$disconnect()]);
  }
  const deadlocks = await deadlocksIn(settings.DATABASE_URL);
  const prisma = connect();
  return {
    ...{ prisma, published, deadlocks },
    drop: async () => {
      await prisma.$disconnect();
      await bed.drop();
    },
  };
}

interface ReplicaOptions<Client> {
  readonly settings: ServiceSettings;
  readonly databaseUrl: string;
  readonly prisma: Client;
  readonly messages: readonly TransportMessage[];
  readonly published: TransportMessage[];
  readonly seed: number;
}

function startReplica<Tx extends SqlClient, Client extends DatabaseClient<Tx>>(
  { name, build }: RaceOptions<Tx, Client>,
  { settings, databaseUrl, prisma, ...told }: ReplicaOptions<Client>,
) {
  const [logger, registry, transport] = [createLogger(name, 'silent'), new Registry(), shuffledTransport(told)];
  const messaging = createMessaging<Tx>({
    ...{ service: name, prisma, databaseUrl, transport, catalogue, logger, registry },
    settings: { batchSize: 20, maxAttempts: REPLICAS, retry: { firstMs: 5, maxMs: 50 }, relayPollMs: 100 },
  });
  const app = build({ outbox: messaging, logger, registry, prisma, settings });
  messaging.start(app.subscriptions);
  for (const worker of app.workers ?? []) worker.start();
  return {
    isDone: transport.isDone,
    stop: async () => {
      await Promise.all((app.workers ?? []).map((worker) => worker.stop()));
      await messaging.stop();
      await prisma.$disconnect();
    },
  };
}
