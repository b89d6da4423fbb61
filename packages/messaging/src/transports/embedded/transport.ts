import { AlpesError } from '../../errors.js';
import { migrateEmbeddedLog } from '../../migrations/migrate.js';
import { listen } from '../../postgres/listener.js';
import type { TransportMessage } from '../../publisher.js';
import type { ReceivedMessage, SubscribeOptions, Subscription } from '../../subscriber.js';
import type { Transport } from '../../transport.js';
import type { TransportSettings } from '../connect.js';
import { append } from './append.js';
import { type Database, openDatabase } from './database.js';
import { createCursors, subscribeDurably } from './durable-subscription.js';
import { subscribeEphemerally } from './ephemeral-subscription.js';
import { parsePosition, type Positions, read } from './read.js';
import { endPositions, startPositions } from './start-position.js';
import { createTopicLookup, declareTopics, type Topic } from './topics.js';

const BACKLOG = `
  SELECT coalesce(sum(p.next_offset - coalesce((SELECT sum(upper(r) - lower(r)) FROM unnest(c.acknowledged) AS r), 0)), 0)::int
    AS backlog
  FROM log.partition p
  LEFT JOIN log.cursor c ON c.topic_id = p.topic_id AND c.partition = p.number AND c.subscription = $2
  WHERE p.topic_id = $1`;

/** The log in PostgreSQL behind `embedded:postgresql://…`. */
export function connectEmbedded(url: string, settings: TransportSettings): Transport {
  const databaseUrl = url.slice('embedded:'.length);
  const database = openDatabase(databaseUrl);
  const find = createTopicLookup(database);
  const bell = createBell(databaseUrl);
  const open = new Set<Subscription>();
  return {
    publish: async (messages) => {
      const error = await publish(database, find, messages);
      if (error === undefined) for (const topic of new Set(messages.map((m) => m.topic))) bell.ring(topic);
      return messages.map(() => error);
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
    backlog: async (topic, subscription) => {
      const [row] = await database.query<{ backlog: number }>(BACKLOG, [(await find(topic)).id, subscription]);
      return row?.backlog ?? 0;
    },
    browse: async (topic, { after, limit }) => browse(database, await find(topic), after, limit),
    declare: async (topology) => {
      await migrateEmbeddedLog(databaseUrl);
      await declareTopics(database, topology, settings.partitions);
    },
    check: async () => {
      await database.query('SELECT 1');
    },
    close: async () => {
      await Promise.allSettled([...open].map((subscription) => subscription.close()));
      await bell.close();
      await database.close();
    },
  };
}

async function publish(
  database: Database,
  find: (name: string) => Promise<Topic>,
  messages: readonly TransportMessage[],
): Promise<AlpesError | undefined> {
  try {
    await append(
      database,
      await Promise.all(messages.map(async (message) => ({ topic: await find(message.topic), message }))),
    );
    return undefined;
  } catch (error) {
    return AlpesError.from(error);
  }
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
  await createCursors(database, topic, options.subscription, start);
  return subscribeDurably({
    ...{ database, topic, subscription: options.subscription, leaseMs: settings.leaseMs, pollMs: settings.pollMs },
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
  after: string | undefined,
  limit: number,
): Promise<ReceivedMessage[]> {
  const start = after === undefined ? { partition: 0, offset: -1n } : parsePosition(after);
  const found: ReceivedMessage[] = [];
  for (let number = start.partition; number < topic.partitions && found.length < limit; number += 1) {
    const positions: Positions = new Map([[number, number === start.partition ? start.offset + 1n : 0n]]);
    found.push(...(await read(database, topic, positions, limit - found.length)));
  }
  return found;
}

/** Calls whoever waits for something of this name, in every process. */
interface Bell {
  ring(name: string): void;
  listen(name: string, callback: () => void): () => void;
  close(): Promise<void>;
}

function createBell(databaseUrl: string): Bell {
  const listeners = new Set<{ readonly name: string; readonly callback: () => void }>();
  const listener = listen({
    databaseUrl,
    channel: 'alpes_log',
    onNotify: (name) => {
      for (const one of listeners) if (name === undefined || one.name === name) one.callback();
    },
  });
  return {
    ring: (name) => {
      listener.notify(name);
    },
    listen: (name, callback) => {
      const entry = { name, callback };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    close: () => listener.close(),
  };
}
