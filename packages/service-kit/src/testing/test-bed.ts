import { catalogue } from '@alpes/contracts';
import {
  connectTransport,
  migrate,
  migrateMessaging,
  type ReceivedMessage,
  type SqlClient,
  type TransportMessage,
} from '@alpes/messaging';
import { createTestDatabase, eventually } from '@alpes/messaging/testing';
import { fileURLToPath } from 'node:url';

/** What a service stands on in an integration test: a database of its own, migrated, and a broker with all topics. */
export interface TestBed {
  /** The environment of the service, as its process would read it; times are short. */
  readonly env: Readonly<Record<string, string>>;
  /** Publishes messages in one batch; rejects if the broker has not confirmed each. */
  publish(messages: readonly TransportMessage[]): Promise<void>;
  /** Everything on a topic, partition by partition. */
  browse(topic: string): Promise<readonly ReceivedMessage[]>;
  /** Waits until the service has acknowledged everything on all its topics and published everything in its outbox. */
  settled(service: string, prisma: SqlClient): Promise<void>;
  /** Removes the databases. */
  drop(): Promise<void>;
}

/**
 * Creates the databases in the cluster of `TEST_DATABASE_URL`; `migrations` is the folder of the service's own. Topics
 * have one partition, so that what is published together is received together. The first messages of a partition are
 * handled one by one, as many as a batch holds: a test that needs real batches lets the service handle so many first.
 */
export async function createTestBed(migrations: URL): Promise<TestBed> {
  const [database, log] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await migrate(database.url, fileURLToPath(migrations));
  await migrateMessaging(database.url);
  const brokerUrl = `embedded:${log.url}`;
  const transport = connectTransport(brokerUrl, { pollMs: 200 });
  await transport.declare(catalogue.topology().map((topic) => ({ ...topic, partitions: 1 })));
  return {
    env: {
      ...{ DATABASE_URL: database.url, BROKER_URL: brokerUrl, BROKER_POLL_MS: '200', RELAY_POLL_MS: '200' },
      ...{ LOG_LEVEL: 'silent', RETRY_FIRST_MS: '10', DATABASE_POOL: '4', BATCH_SIZE: '20' },
    },
    publish: async (messages) => {
      for (const error of await transport.publish(messages)) if (error !== undefined) throw error;
    },
    browse: (topic) => transport.browse(topic, { limit: 10_000 }),
    settled: async (service, prisma) => {
      const isPublished = async (): Promise<boolean> =>
        (await prisma.$queryRawUnsafe<unknown[]>('SELECT 1 FROM messaging.outbox LIMIT 1')).length === 0;
      const published = () => eventually(isPublished, { timeoutMs: 10_000, what: `the outbox of ${service} is empty` });
      // A redrive comes back to the service; what it handles goes out.
      await published();
      const topics = catalogue.contracts.filter(({ consumers }) => consumers.includes(service));
      for (const { topic } of topics) {
        const isEmpty = async (): Promise<boolean> => (await transport.backlog(topic, service)) === 0;
        await eventually(isEmpty, { timeoutMs: 10_000, what: `${service} has acknowledged all of ${topic}` });
      }
      await published();
    },
    drop: async () => {
      await transport.close();
      await Promise.all([database.drop(), log.drop()]);
    },
  };
}
