import { AlpesError } from '../../errors.js';
import { migrateEmbeddedLog } from '../../migrations/migrate.js';
import type { BrowseOptions } from '../../inspector.js';
import { payloadBytes } from '../../size-limit.js';
import type { ReceivedMessage, SubscribeOptions, Subscription } from '../../subscriber.js';
import type { Transport } from '../../transport.js';
import type { TransportSettings } from '../connect.js';
import { type Bell, createBell } from './bell.js';
import { type Database, openDatabase } from './database.js';
import { cursorsOf } from './cursors.js';
import { subscribeDurably } from './durable-subscription.js';
import { subscribeEphemerally } from './ephemeral-subscription.js';
import { extents } from './extents.js';
import { publish } from './publish.js';
import { unattended } from './membership.js';
import { parsePosition, type Positions, read } from './read.js';
import { cutLog } from './retention.js';
import { within } from '../../within.js';
import { endPositions, startPositions } from './start-position.js';
import { assertTopics, createTopicLookup, declareTopics, type Topic } from './topics.js';

/** How long in ms the log may take to let go of us in good order. */
const CLOSE_TIMEOUT_MS = 1_000;

/** The log in PostgreSQL behind `embedded:postgresql://…`. */
export function connectEmbedded(url: string, settings: TransportSettings): Transport {
  const databaseUrl = url.slice('embedded:'.length);
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new AlpesError('configuration', 'the URL of an embedded broker names its database: embedded:postgresql://…');
  }
  const database = openDatabase(databaseUrl);
  const find = createTopicLookup(database);
  const bell = createBell(databaseUrl);
  const open = new Set<Subscription>();
  const closeAll = async (): Promise<void> => {
    await Promise.allSettled([...open].map((subscription) => subscription.close()));
    await bell.close();
    await database.close();
  };
  return {
    publish: async (messages) => {
      const results = await publish(database, find, messages);
      const published = messages.filter((_, index) => results[index] === undefined);
      for (const topic of new Set(published.map((message) => message.topic))) bell.ring(topic);
      return results;
    },
    subscribe: async (options) => {
      const subscription = await subscribe({ database, topic: await find(options.topic), settings, bell, options });
      open.add(subscription);
      return {
        ...subscription,
        close: async () => {
          open.delete(subscription);
          await subscription.close();
        },
      };
    },
    partitions: async (topic) => (await find(topic)).partitions,
    endPositions: async (topic) => endPositions(database, await find(topic)),
    extents: async (topic) => extents(database, await find(topic)),
    hasAcknowledged: async (topic, subscription, ends) =>
      cursorsOf(database, await find(topic), subscription).hasAcknowledged(ends),
    backlog: async (topic, subscription) => cursorsOf(database, await find(topic), subscription).backlog(),
    unattended: async (topic, subscription) => unattended(database, await find(topic), subscription),
    browse: async (topic, options) => browse(database, await find(topic), options),
    declare: async (topology) => {
      await migrateEmbeddedLog(databaseUrl);
      await declareTopics(database, topology, settings.partitions);
    },
    check: async (topics = []) => {
      await database.query('SELECT 1');
      if (topics.length > 0) await assertTopics(database, topics);
    },
    ...(Number.isFinite(settings.retentionMs) && {
      clean: (limit: number) => cutLog(database, settings.retentionMs, limit),
    }),
    close: async () => {
      if (!(await within(CLOSE_TIMEOUT_MS, closeAll()))) database.abandon();
    },
  };
}

async function subscribe({
  database,
  topic,
  settings,
  bell,
  options,
}: {
  database: Database;
  topic: Topic;
  settings: TransportSettings;
  bell: Bell;
  options: SubscribeOptions;
}): Promise<Subscription> {
  const start = await startPositions(database, topic, options.from);
  const onPublication = (callback: () => void) => bell.listen(topic.name, callback);
  if (options.mode === 'ephemeral') {
    return subscribeEphemerally({ database, topic, start, pollMs: settings.pollMs, onPublication });
  }
  const cursors = cursorsOf(database, topic, options.subscription);
  await cursors.create(start);
  return subscribeDurably({
    ...{ database, topic, subscription: options.subscription, cursors },
    ...{ leaseMs: settings.leaseMs, pollMs: settings.pollMs },
    announce: () => {
      bell.ring(`members of ${topic.name}`);
    },
    onAnnouncement: (callback) => bell.listen(`members of ${topic.name}`, callback),
    onPublication,
  });
}

/** Reads partition by partition, so that a position says how far all of them were read. */
async function browse(
  database: Database,
  topic: Topic,
  { after, limit, bytes = Number.MAX_SAFE_INTEGER }: BrowseOptions,
): Promise<ReceivedMessage[]> {
  const start = after === undefined ? { partition: 0, offset: -1n } : parsePosition(after);
  const found: ReceivedMessage[] = [];
  let left = bytes;
  for (let number = start.partition; number < topic.partitions && found.length < limit && left > 0; number += 1) {
    const positions: Positions = new Map([[number, number === start.partition ? start.offset + 1n : 0n]]);
    const some = await read(database, topic, positions, { max: limit - found.length, bytes: left });
    left -= payloadBytes(some);
    found.push(...some);
  }
  return found;
}
