import { missingTopics } from '../../missing-topics.js';
import type { SchemaRegistry } from '../../schema-registry.js';
import { createAsk, type HttpOptions, parse } from './http.js';
import type { MessageId } from './message-id.js';
import { connectNamespace, type NamespaceAdmin } from './namespace.js';
import { partitionNumbers, partitionTopic, type Place, topicPath } from './names.js';
import { connectSchemas } from './schemas.js';

/** What is asked of Pulsar's admin API (https://pulsar.apache.org/admin-rest-api/). Everything is safe to repeat. */
export interface Admin extends NamespaceAdmin {
  readonly schemas: SchemaRegistry;
  /** The number of a topic's partitions; undefined if there is no such topic, 0 if it has no partitions. */
  partitions(topic: string): Promise<number | undefined>;
  /** Creates a partitioned topic unless it exists, with whatever number of partitions. */
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Creates the partitions that a topic should have and does not. */
  createMissingPartitions(topic: string): Promise<void>;
  /** Gives a topic a retention of its own, whatever that of its namespace is. */
  setRetention(topic: string, retention: Retention): Promise<void>;
  /** Creates a subscription to one partition unless it exists. */
  createSubscription(topic: string, partition: number, subscription: string, from: Start): Promise<void>;
  /** The last message of a partition; its entry is -1 if there is none. */
  lastMessage(topic: string, partition: number): Promise<MessageId>;
  /** The ledger to which the messages of a partition are written at present. */
  currentLedger(topic: string, partition: number): Promise<bigint>;
  /** The first message since a time, which may be one that is still to come. */
  firstMessageSince(topic: string, partition: number, time: Date): Promise<MessageId>;
  /** The stored entries of each partition, by its number. */
  entries(topic: string, partitions: number): Promise<bigint[]>;
  /** How many entries a subscription has not acknowledged; undefined if there is no such subscription. */
  backlog(topic: string, subscription: string): Promise<number | undefined>;
}

/** Where a subscription begins; a message is the first that it receives. */
export type Start = 'earliest' | 'latest' | MessageId;

/** For how long what all subscriptions have acknowledged is kept; -1 is for ever. */
export interface Retention {
  readonly retentionTimeInMinutes: number;
  readonly retentionSizeInMB: number;
}

/** What the admin API writes of a message id. */
interface JsonMessageId {
  readonly ledgerId: number;
  readonly entryId: number;
  /** Of the last message of a batch; -1 or absent if it is alone in its entry. */
  readonly batchIndex?: number;
}

interface Metadata {
  readonly partitions: number;
}

interface Stats {
  readonly subscriptions: Readonly<Record<string, { readonly msgBacklog: number }>>;
}

interface PartitionedInternalStats {
  readonly partitions: Readonly<Record<string, { readonly numberOfEntries: number }>>;
}

interface InternalStats {
  readonly ledgers: readonly { readonly ledgerId: number }[];
}

export function connectAdmin(place: Place, http: HttpOptions): Admin {
  const ask = createAsk(http);
  const base = '/admin/v2';
  const pathOf = (topic: string): string => `${base}/${topicPath(place, topic)}`;
  const partitionPath = (topic: string, partition: number): string => pathOf(partitionTopic(topic, partition));
  const find = async (path: string): Promise<unknown> => parse(await ask('GET', path), 404);
  const get = async (path: string, topic: string): Promise<unknown> => {
    const found = await find(path);
    if (found === undefined) throw missingTopics([topic]);
    return found;
  };
  const messageAt = async (topic: string, partition: number, path: string): Promise<MessageId> => {
    const found = (await get(`${partitionPath(topic, partition)}/${path}`, topic)) as JsonMessageId;
    const { ledgerId, entryId, batchIndex = -1 } = found;
    return {
      ...{ partition, ledger: BigInt(ledgerId), entry: BigInt(entryId) },
      batch: batchIndex < 0 ? undefined : batchIndex,
    };
  };
  return {
    ...connectNamespace(ask, place),
    schemas: connectSchemas(ask, place),
    partitions: async (topic) => ((await find(`${pathOf(topic)}/partitions`)) as Metadata | undefined)?.partitions,
    createTopic: async (topic, partitions) => {
      parse(await ask('PUT', `${pathOf(topic)}/partitions`, String(partitions)), 409);
    },
    createMissingPartitions: async (topic) => {
      parse(await ask('POST', `${pathOf(topic)}/createMissedPartitions`));
    },
    setRetention: async (topic, retention) => {
      const path = `${pathOf(topic)}/retention`;
      // A policy that is set again is one more message that every broker reads.
      if (isRetention(await find(path), retention)) return;
      parse(await ask('POST', path, JSON.stringify(retention)));
    },
    createSubscription: async (topic, partition, subscription, from) => {
      const path = `${partitionPath(topic, partition)}/subscription/${encodeURIComponent(subscription)}`;
      const answer = await ask('PUT', path, startBody(from));
      if (answer.status === 404) throw missingTopics([topic]);
      parse(answer, 409);
    },
    lastMessage: (topic, partition) => messageAt(topic, partition, 'lastMessageId'),
    currentLedger: async (topic, partition) =>
      lastLedger((await get(`${partitionPath(topic, partition)}/internalStats`, topic)) as InternalStats),
    firstMessageSince: (topic, partition, time) => messageAt(topic, partition, `messageid/${time.getTime()}`),
    entries: async (topic, partitions) => {
      const path = `${pathOf(topic)}/partitioned-internalStats`;
      const { partitions: stats } = (await get(path, topic)) as PartitionedInternalStats;
      const entriesOf = new Map(
        Object.entries(stats).map(([name, { numberOfEntries }]) => [numberOf(name), BigInt(numberOfEntries)]),
      );
      return partitionNumbers(partitions).map((number) => entriesOf.get(number) ?? 0n);
    },
    backlog: async (topic, subscription) => {
      const path = `${pathOf(topic)}/partitioned-stats?perPartition=false&getPreciseBacklog=true`;
      const { subscriptions } = (await get(path, topic)) as Stats;
      return subscriptions[subscription]?.msgBacklog;
    },
  };
}

const lastLedger = ({ ledgers }: InternalStats): bigint => BigInt(ledgers.at(-1)?.ledgerId ?? -1);

function isRetention(found: unknown, { retentionTimeInMinutes, retentionSizeInMB }: Retention): boolean {
  const { retentionTimeInMinutes: minutes, retentionSizeInMB: size } = (found ?? {}) as Partial<Retention>;
  return minutes === retentionTimeInMinutes && size === retentionSizeInMB;
}

/** Without a message id a subscription begins at the latest. */
function startBody(from: Start): string | undefined {
  if (from === 'latest') return undefined;
  const { ledger, entry } = from === 'earliest' ? { ledger: -1n, entry: -1n } : from;
  return `{"ledgerId":${ledger},"entryId":${entry},"partitionIndex":-1}`;
}

/** Of the topic that a partition is. */
const numberOf = (partitionName: string): number => Number(/-partition-(\d+)$/.exec(partitionName)?.[1] ?? -1);
