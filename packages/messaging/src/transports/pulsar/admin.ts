import { missingTopics } from '../../missing-topics.js';
import type { SchemaRegistry } from '../../schema-registry.js';
import { createAsk, type HttpOptions, parse } from './http.js';
import { connectLedgers, type LedgerAdmin } from './ledgers.js';
import type { MessageId } from './message-id.js';
import { connectNamespace, type NamespaceAdmin } from './namespace.js';
import { partitionNumbers, partitionTopic, type Place, topicPath } from './names.js';
import { connectSchemas } from './schemas.js';

/** What is asked of Pulsar's admin API (https://pulsar.apache.org/admin-rest-api/). Everything is safe to repeat. */
export interface Admin extends NamespaceAdmin, LedgerAdmin {
  readonly schemas: SchemaRegistry;
  /** The number of a topic's partitions; undefined if there is no such topic, 0 if it has no partitions. */
  partitions(topic: string): Promise<number | undefined>;
  /** Creates a partitioned topic unless it exists, with whatever number of partitions. */
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Creates the partitions that a topic should have and does not. */
  createMissingPartitions(topic: string): Promise<void>;
  /** Gives a topic a retention of its own, whatever that of its namespace is. */
  setRetention(topic: string, retention: Retention): Promise<void>;
  /** That which applies to a topic, be it its own or not. */
  retention(topic: string): Promise<Retention>;
  /** Creates a subscription to one partition unless it exists. */
  createSubscription(topic: string, partition: number, subscription: string, from: Start): Promise<void>;
  /** The stored entries of each partition, by its number. */
  entries(topic: string, partitions: number): Promise<bigint[]>;
  /** How many entries a subscription has not acknowledged; undefined if there is no such subscription. */
  backlog(topic: string, subscription: string): Promise<number | undefined>;
  /** How many partitions have a consumer of the subscription. */
  attended(topic: string, subscription: string): Promise<number>;
}

/** Where a subscription begins; a message is the first that it receives. */
export type Start = 'earliest' | 'latest' | MessageId;

/** For how long what all subscriptions have acknowledged is kept; -1 is for ever. */
export interface Retention {
  readonly retentionTimeInMinutes: number;
  readonly retentionSizeInMB: number;
}

interface Metadata {
  readonly partitions: number;
}

interface Stats {
  readonly subscriptions: Readonly<
    Record<string, { readonly msgBacklog: number; readonly consumers: readonly unknown[] }>
  >;
}

interface PartitionedStats {
  readonly partitions: Readonly<Record<string, Stats>>;
}

interface PartitionedInternalStats {
  readonly partitions: Readonly<Record<string, { readonly numberOfEntries: number }>>;
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
  return {
    ...connectNamespace(ask, place),
    ...connectLedgers(ask, place),
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
    retention: async (topic) => (await get(`${pathOf(topic)}/retention?applied=true`, topic)) as Retention,
    createSubscription: async (topic, partition, subscription, from) => {
      const path = `${partitionPath(topic, partition)}/subscription/${encodeURIComponent(subscription)}`;
      const answer = await ask('PUT', path, startBody(from));
      if (answer.status === 404) throw missingTopics([topic]);
      parse(answer, 409);
    },
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
    attended: async (topic, subscription) => {
      const { partitions } = (await get(
        `${pathOf(topic)}/partitioned-stats?perPartition=true`,
        topic,
      )) as PartitionedStats;
      const consumers = Object.values(partitions).map((stats) => stats.subscriptions[subscription]?.consumers ?? []);
      return consumers.filter(({ length }) => length > 0).length;
    },
  };
}

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
