import type { DescMessage } from '@bufbuild/protobuf';
import type { Registry } from 'prom-client';
import type { Backoff } from './backoff.js';
import type { Catalogue, Contract } from './catalogue.js';
import { type Consumer, startConsumer } from './consumer/consumer.js';
import { createUndertaker, type Death } from './consumer/dead-letter.js';
import type { SubscriptionDefinition } from './consumer/delivery.js';
import { createMutex, type Mutex } from './consumer/mutex.js';
import type { ConsumerOptions } from './consumer/options.js';
import { type BatchHandler, transaction } from './consumer/pipeline.js';
import { createDeadLetters, type DeadLetters } from './dead-letters/dead-letters.js';
import { prismaInboxStore } from './inbox/prisma-store.js';
import type { InboxStore } from './inbox/store.js';
import type { Logger } from './logger.js';
import { createMessagingMetrics, type MessagingMetrics } from './metrics.js';
import { AlpesError } from './errors.js';
import { inbox } from './middleware/inbox.js';
import { logging } from './middleware/logging.js';
import { metrics } from './middleware/metrics.js';
import { createOutbox, type Outbox } from './outbox/outbox.js';
import { OUTBOX_CHANNEL, prismaOutboxStore } from './outbox/prisma-store.js';
import type { OutboxStats, OutboxStore } from './outbox/store.js';
import { type Relay, startRelay } from './outbox/relay.js';
import { listen } from './postgres/listener.js';
import { type Cleaner, createCleaner } from './retention/cleaner.js';
import { assertInboxOutlivesRedrives, messagingTables } from './retention/messaging-tables.js';
import type { SqlClient, TransactionalClient } from './sql.js';
import type { Transport } from './transport.js';

/** Times are in ms. */
export interface MessagingSettings {
  /** Most messages of one transaction, and of one publication of the relay. */
  readonly batchSize: number;
  /** Counted tries after which a message whose error is of an unknown kind is dead. */
  readonly maxAttempts: number;
  /** Delays between the tries of one message. */
  readonly retry: Backoff;
  /** Delays while the database or the broker is away. */
  readonly outage: Backoff;
  /** How long the right to relay outlives a replica that stands still. */
  readonly relayLeaseMs: number;
  /** How long a commit waits at most whose notification was lost. */
  readonly relayPollMs: number;
  readonly transactionTimeoutMs: number;
  /** Age of the oldest message in the outbox, in seconds, from which the service is not healthy. */
  readonly stalledAfterSeconds: number;
  /**
   * How long the inbox knows a message: longer than the broker may deliver it again, and than `redriveHorizonMs`, for a
   * dead letter whose inbox row is gone would be handled even if it was redriven before.
   */
  readonly inboxRetentionMs: number;
  /** For how long after its death a message may be redriven; later it has to be forced. */
  readonly redriveHorizonMs: number;
  /** How often a message may be redriven; more often it has to be forced, for its cause is not mended. */
  readonly maxRedrives: number;
  /** How often what is older than its retention is deleted. */
  readonly cleanEveryMs: number;
}

const DAY_MS = 24 * 3_600_000;

export const DEFAULT_MESSAGING_SETTINGS: MessagingSettings = {
  batchSize: 200,
  maxAttempts: 5,
  retry: { firstMs: 200, maxMs: 30_000 },
  outage: { firstMs: 100, maxMs: 5_000 },
  relayLeaseMs: 10_000,
  relayPollMs: 1_000,
  transactionTimeoutMs: 30_000,
  stalledAfterSeconds: 30,
  inboxRetentionMs: 30 * DAY_MS,
  redriveHorizonMs: 14 * DAY_MS,
  maxRedrives: 3,
  cleanEveryMs: 60_000,
};

export interface MessagingOptions<Tx extends SqlClient> {
  /** Name of the service: it is the name of its subscriptions and the source of its messages. */
  readonly service: string;
  readonly prisma: TransactionalClient<Tx>;
  /** The database of `prisma`, for a connection of its own that listens for commits of other replicas. */
  readonly databaseUrl: string;
  readonly transport: Transport;
  readonly catalogue: Catalogue;
  readonly logger: Logger;
  readonly registry: Registry;
  readonly settings?: Partial<MessagingSettings>;
  /** Stores other than those in the database of `prisma`; each has to pass the suite of its kind. */
  readonly stores?: { readonly outbox?: OutboxStore<Tx>; readonly inbox?: InboxStore<Tx> };
}

/** The messaging of one process of one service. */
export interface Messaging<Tx> extends Outbox<Tx> {
  /** What this service could not handle. */
  readonly deadLetters: DeadLetters;
  /** Starts the relay and one consumer per subscription; throws `configuration` if a route does not name this service. */
  start(subscriptions: readonly SubscriptionDefinition<Tx>[]): void;
  /** Rejects with `unavailable` if messages have waited in the outbox for too long, or the database does not say. */
  check(): Promise<void>;
  /** Takes no more messages and finishes those in hand. */
  stopConsuming(): Promise<void>;
  /** Stops consuming, and then publishes what was committed, as far as the broker lets it. */
  stop(): Promise<void>;
}

/**
 * Puts outbox, relay, inbox and consumers together over a Prisma client and a transport. Throws `configuration` if the
 * inbox would forget messages that may still be redriven.
 */
export function createMessaging<Tx extends SqlClient>(options: MessagingOptions<Tx>): Messaging<Tx> {
  const settings = { ...DEFAULT_MESSAGING_SETTINGS, ...options.settings };
  assertInboxOutlivesRedrives(settings);
  const store = options.stores?.outbox ?? prismaOutboxStore<Tx>(options.prisma);
  const running: Running = { consumers: [], relay: undefined, stopListening: async () => {} };
  const cleaner = cleanerOf(options, settings);
  const outbox = createOutbox<Tx>({
    ...{ prisma: options.prisma, store, transactionTimeoutMs: settings.transactionTimeoutMs },
    onCommit: () => running.relay?.wake('local'),
  });
  const inboxStore = options.stores?.inbox ?? prismaInboxStore<Tx>(options.prisma);
  const contracts: Contract[] = [];
  const counters = createMessagingMetrics(options.registry, {
    outbox: store.stats,
    isRelayActive: () => running.relay?.isActive() ?? false,
    backlogs: () => readBacklogs(options, contracts),
    dead: async () => ({ subscription: options.service, dead: await inboxStore.countDead(options.service) }),
    waiting: () => running.consumers.map(({ topic, consumer }) => ({ topic, waiting: consumer.waiting() })),
  });
  const oneAtATime = createMutex();
  return {
    ...outbox,
    start: (subscriptions) => {
      contracts.push(...subscriptions.map(({ schema }) => declaredContract(options, schema)));
      cleaner.start();
      startRelaying(options, store, settings, running, (count) => counters.relayed.inc(count));
      for (const definition of subscriptions) {
        const contract = options.catalogue.contractOf(definition.schema);
        const consumer = startConsumer(
          consumerOf({ options, settings, outbox, inboxStore, counters, contract, definition, oneAtATime }),
        );
        running.consumers.push({ topic: contract.topic, consumer });
      }
    },
    check: () => assertRelaying(store.stats, settings.stalledAfterSeconds),
    stopConsuming: () => stopConsuming(running),
    stop: async () => {
      await Promise.all([cleaner.stop(), stop(running)]);
    },
    deadLetters: createDeadLetters({ ...options, ...settings, store: inboxStore, outbox }),
  };
}

/** Whoever brings an inbox of his own cleans it himself. */
function cleanerOf<Tx extends SqlClient>(
  { prisma, transport, stores, logger, registry }: MessagingOptions<Tx>,
  { inboxRetentionMs, cleanEveryMs }: MessagingSettings,
): Cleaner {
  const steps = {
    ...(stores?.inbox === undefined && messagingTables(prisma, inboxRetentionMs)),
    ...(transport.clean !== undefined && { 'log.message': transport.clean }),
  };
  return createCleaner({ steps, everyMs: cleanEveryMs, logger, registry });
}

/** Only a declared consumer has a dead-letter topic, and without it the relay could not publish a letter. */
function declaredContract<Tx extends SqlClient>({ catalogue, service }: MessagingOptions<Tx>, schema: DescMessage) {
  const contract = catalogue.contractOf(schema);
  if (contract.consumers.includes(service)) return contract;
  const text = `${service} subscribes to ${contract.type}, but its route names ${contract.consumers.join(', ') || 'nobody'}`;
  throw new AlpesError('configuration', text);
}

interface Running {
  readonly consumers: { readonly topic: string; readonly consumer: Consumer }[];
  relay: Relay | undefined;
  stopListening: () => Promise<void>;
}

function startRelaying<Tx extends SqlClient>(
  { databaseUrl, transport, logger }: MessagingOptions<Tx>,
  store: OutboxStore<Tx>,
  { relayLeaseMs, relayPollMs, batchSize, outage }: MessagingSettings,
  running: Running,
  onPublished: (count: number) => void,
): void {
  const listener = listen({ databaseUrl, channel: OUTBOX_CHANNEL, onNotify: () => running.relay?.wake('remote') });
  running.stopListening = () => listener.close();
  running.relay = startRelay({
    ...{ store, publisher: transport, logger, onPublished },
    ...{ leaseMs: relayLeaseMs, pollMs: relayPollMs, batchSize, backoff: outage },
    onForeignWork: () => {
      listener.notify('');
    },
  });
}

/** From the outside in: metrics and logs see the whole of a try, the inbox works inside its transaction. */
function consumerOf<Tx extends SqlClient>({
  options,
  settings,
  outbox,
  inboxStore: store,
  counters,
  contract,
  definition,
  oneAtATime,
}: {
  options: MessagingOptions<Tx>;
  settings: MessagingSettings;
  outbox: Outbox<Tx>;
  inboxStore: InboxStore<Tx>;
  counters: MessagingMetrics;
  contract: Contract;
  definition: SubscriptionDefinition<Tx>;
  oneAtATime: Mutex;
}): ConsumerOptions {
  const { service, transport, logger } = options;
  const handle: BatchHandler = metrics(counters)(
    logging(logger)(
      transaction(
        outbox,
        inbox(store)((batch, tx) => definition.handle(batch.deliveries, tx)),
        definition.committed,
      ),
    ),
  );
  return {
    ...{ subscriptionName: service, contract, parse: definition.parse, handle, logger },
    ...{ batchSize: settings.batchSize, maxAttempts: settings.maxAttempts },
    ...{ retry: settings.retry, outage: settings.outage, attempts: store, inHand: store, oneAtATime },
    ping: async () => options.prisma.$executeRawUnsafe('SELECT 1'),
    subscribe: () =>
      transport.subscribe({ topic: contract.topic, subscription: service, mode: 'durable', from: 'earliest' }),
    bury: reportDeaths(createUndertaker(service, store, outbox), { service, contract, counters, logger }),
  };
}

/** Counts and logs the dead, and logs a burial that failed, for it is repeated without end. */
function reportDeaths(
  bury: (death: Death) => Promise<boolean>,
  { service, contract, counters, logger }: ReportOptions,
): (death: Death) => Promise<boolean> {
  const labels = { message: contract.type, subscription: service };
  return async (death) => {
    const { key, error, attempts } = death;
    const about = { ...labels, messageId: key.messageId, attempts };
    try {
      const buried = await bury(death);
      if (buried) counters.deadLettered.inc({ ...labels, reason: error.code });
      logger.error({ ...about, err: error, buried }, 'message is dead');
      return buried;
    } catch (err) {
      logger.error({ ...about, err }, 'message is dead and could not be buried, trying until it is');
      throw err;
    }
  };
}

interface ReportOptions {
  readonly service: string;
  readonly contract: Contract;
  readonly counters: MessagingMetrics;
  readonly logger: Logger;
}

function readBacklogs<Tx extends SqlClient>(
  { service, transport }: MessagingOptions<Tx>,
  contracts: readonly Contract[],
) {
  return Promise.all(
    contracts.map(async ({ topic }) => ({
      ...{ topic, subscription: service },
      backlog: await transport.backlog(topic, service),
    })),
  );
}

async function assertRelaying(stats: () => Promise<OutboxStats>, stalledAfterSeconds: number): Promise<void> {
  const { oldestAgeSeconds, pending } = await stats().catch((thrown: unknown) => {
    throw AlpesError.from(thrown);
  });
  if (oldestAgeSeconds < stalledAfterSeconds) return;
  const text = `the outbox stands still: ${pending} messages wait, the oldest for ${Math.round(oldestAgeSeconds)} s`;
  throw new AlpesError('unavailable', text);
}

async function stopConsuming({ consumers }: Running): Promise<void> {
  await Promise.all(consumers.map(({ consumer }) => consumer.stop()));
}

/** First the consumers, whose last batches the relay then publishes. */
async function stop(running: Running): Promise<void> {
  await stopConsuming(running);
  await running.relay?.stop();
  await running.stopListening();
}
