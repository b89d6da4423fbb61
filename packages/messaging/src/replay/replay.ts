import { composeConsumer, type Shared } from '../consumer/composition.js';
import { type Consumer, startConsumer } from '../consumer/consumer.js';
import type { SubscriptionDefinition } from '../consumer/delivery.js';
import { createMutex } from '../consumer/mutex.js';
import { AlpesError, type ErrorCode } from '../errors.js';
import { prismaInboxStore } from '../inbox/prisma-store.js';
import type { Inspector } from '../inspector.js';
import type { MessagingOptions } from '../messaging.js';
import { DEFAULT_MESSAGING_SETTINGS } from '../messaging-settings.js';
import { createMessagingCounters } from '../metrics.js';
import { createOutbox, type Outbox } from '../outbox/outbox.js';
import type { SqlClient } from '../sql.js';
import type { ReceivedMessage } from '../subscriber.js';
import { createReading, type Ends, type Progress, type Reading } from './reading.js';

export interface ReplayOptions<Tx extends SqlClient> extends Omit<
  MessagingOptions<Tx>,
  'databaseUrl' | 'registry' | 'stores'
> {
  /** Told of each message that could not be handled. */
  readonly onDeath?: (death: ReplayedDeath) => void;
}

export interface ReplayedDeath {
  readonly topic: string;
  readonly messageId: string;
  readonly reason: ErrorCode;
  readonly error: string;
}

/** How far the topics were read, each partition by its number. */
export type Replayed = readonly { readonly topic: string; readonly partitions: readonly Progress[] }[];

/**
 * The messages of one service once more, into another database. The outbox takes nothing: what a handler enqueues was
 * published when it was handled first.
 */
export interface Replay<Tx> extends Outbox<Tx> {
  /** Starts one consumer per subscription, which rests until `catchUp`. Call it once. */
  start(subscriptions: readonly SubscriptionDefinition<Tx>[]): Promise<void>;
  /**
   * Handles what is on the topics now, beginning where it stands, at first at the earliest message; perhaps also some of
   * what is published meanwhile. Resolves once all of that is handled or dead, and reads nothing more then. One at a time.
   * `onRead` is told of each message that was not read by the call before, of some more than once. Rejects with
   * `configuration` if of a topic the first messages are gone.
   */
  catchUp(onRead?: (message: ReceivedMessage) => void): Promise<Replayed>;
  stop(): Promise<void>;
}

/**
 * Handles the messages of a service as `createMessaging` does, but leaves no trace at the broker: topics are read without a
 * durable subscription, there is no relay, and of a message that dies there is the inbox row alone.
 */
export function createReplay<Tx extends SqlClient>(options: ReplayOptions<Tx>): Replay<Tx> {
  const { prisma, transport, catalogue } = options;
  const settings = { ...DEFAULT_MESSAGING_SETTINGS, ...options.settings };
  const outbox = createOutbox<Tx>({
    ...{ prisma, transactionTimeoutMs: settings.transactionTimeoutMs, onCommit: () => {} },
    store: { append: async () => {} },
  });
  const shared: Shared<Tx> = {
    ...{ service: options.service, prisma, transport, logger: options.logger, settings, outbox },
    ...{ inbox: prismaInboxStore<Tx>(prisma), counters: createMessagingCounters([]), oneAtATime: createMutex() },
    onDeath: ({ received: { topic }, key: { messageId }, error: { code: reason, message: error } }) =>
      options.onDeath?.({ topic, messageId, reason, error }),
  };
  const readings: Reading[] = [];
  const consumers: Consumer[] = [];
  return {
    ...outbox,
    start: async (subscriptions) => {
      for (const definition of subscriptions) {
        const contract = catalogue.contractOf(definition.schema);
        const reading = createReading(transport, contract.topic, await transport.partitions(contract.topic));
        readings.push(reading);
        const consumer = composeConsumer(shared, contract, definition);
        consumers.push(startConsumer({ ...consumer, subscribe: reading.subscribe }));
      }
    },
    catchUp: async (onRead = () => {}) => {
      const topics = readings.map(({ topic }) => topic);
      const ends = await endsOfWhole(transport, topics);
      const each = readings.map(async ({ topic, to }) => ({
        topic,
        partitions: await to(ends.get(topic) ?? [], onRead),
      }));
      return Promise.all(each);
    },
    stop: async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}

/** Where topics end at this moment; throws `configuration` with each partition whose first messages are gone. */
export async function endsOfWhole(
  transport: Pick<Inspector, 'extents'>,
  topics: readonly string[],
): Promise<ReadonlyMap<string, Ends>> {
  const each = topics.map(async (topic) => ({ topic, extents: await transport.extents(topic) }));
  const all = await Promise.all(each);
  const cuts = all.flatMap(({ topic, extents }) =>
    extents.flatMap(({ cut }, partition) => (cut === undefined ? [] : [`${topic}, partition ${partition}: ${cut}`])),
  );
  if (cuts.length > 0) {
    const text = `What is not on the topics any more can't be read again:\n${cuts.map((cut) => `  ${cut}`).join('\n')}`;
    throw new AlpesError('configuration', text);
  }
  return new Map(all.map(({ topic, extents }) => [topic, extents.map(({ end }) => end)]));
}
