import type { DescMessage } from '@bufbuild/protobuf';
import type { Registry } from 'prom-client';
import type { Catalogue, Contract } from './catalogue.js';
import { composeConsumer, type Shared } from './consumer/composition.js';
import { type Consumer, startConsumer } from './consumer/consumer.js';
import type { SubscriptionDefinition } from './consumer/delivery.js';
import { createMutex } from './consumer/mutex.js';
import { createDeadLetters, type DeadLetters } from './dead-letters/dead-letters.js';
import { prismaInboxStore } from './inbox/prisma-store.js';
import type { InboxStore } from './inbox/store.js';
import type { Logger } from './logger.js';
import { DEFAULT_MESSAGING_SETTINGS, type MessagingSettings } from './messaging-settings.js';
import { createMessagingMetrics } from './metrics.js';
import { AlpesError } from './errors.js';
import { createOutbox, type Outbox } from './outbox/outbox.js';
import { OUTBOX_CHANNEL, prismaOutboxStore } from './outbox/prisma-store.js';
import type { OutboxStats, OutboxStore } from './outbox/store.js';
import { type Relay, startRelay } from './outbox/relay.js';
import { listen } from './postgres/listener.js';
import { type Cleaner, createCleaner } from './retention/cleaner.js';
import { assertInboxOutlivesRedrives, messagingTables } from './retention/messaging-tables.js';
import type { SqlClient, TransactionalClient } from './sql.js';
import type { Transport } from './transport.js';

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
  /** Rejects with `unavailable` while messages wait for a table or column that is not there. */
  checkTables(): Promise<void>;
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
    subscriptions: () => readSubscriptions(options, contracts),
    dead: async () => ({ subscription: options.service, dead: await inboxStore.countDead(options.service) }),
    waiting: () =>
      running.consumers.map(({ topic, consumer }) => ({
        ...{ topic, subscription: options.service, waiting: consumer.waiting() },
      })),
  });
  const shared: Shared<Tx> = {
    ...{ service: options.service, prisma: options.prisma, transport: options.transport, logger: options.logger },
    ...{ settings, outbox, inbox: inboxStore, counters, oneAtATime: createMutex() },
  };
  return {
    ...outbox,
    start: (subscriptions) => {
      contracts.push(...subscriptions.map(({ schema }) => declaredContract(options, schema)));
      cleaner.start();
      startRelaying(options, store, settings, running, (count) => counters.relayed.inc(count));
      for (const definition of subscriptions) {
        const contract = options.catalogue.contractOf(definition.schema);
        const consumer = startConsumer(composeConsumer(shared, contract, definition));
        running.consumers.push({ topic: contract.topic, consumer });
      }
    },
    check: () => assertRelaying(store.stats, settings.stalledAfterSeconds),
    checkTables: async () => assertTables(running),
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

function readSubscriptions<Tx extends SqlClient>(
  { service, transport }: MessagingOptions<Tx>,
  contracts: readonly Contract[],
) {
  return Promise.all(
    contracts.map(async ({ topic, type }) => ({
      ...{ topic, message: type, subscription: service },
      backlog: await transport.backlog(topic, service),
      unattended: await transport.unattended(topic, service),
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

function assertTables({ consumers }: Running): void {
  for (const { topic, consumer } of consumers) {
    const lack = consumer.lack();
    // Prisma's own text begins with where the statement is.
    const what = lack?.message.trim().split('\n').at(-1);
    if (lack !== undefined) throw new AlpesError('unavailable', `messages of ${topic} wait: ${what}`, { cause: lack });
  }
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
