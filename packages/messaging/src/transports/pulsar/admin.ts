import { AlpesError } from '../../errors.js';
import { type Answer, type Ask, createAsk, type HttpOptions, reasonOf } from './http.js';
import type { MessageId } from './message-id.js';
import { namespacePath, partitionNumbers, partitionTopic, type Place, topicPath } from './names.js';

/** What is asked of Pulsar's admin API (https://pulsar.apache.org/admin-rest-api/). Everything is safe to repeat. */
export interface Admin {
  /** Resolves if the namespace is there. */
  check(): Promise<void>;
  /** Creates tenant and namespace if they are missing, and sets the namespace's policies by their names. */
  createNamespace(policies: Readonly<Record<string, unknown>>): Promise<void>;
  /** The number of a topic's partitions; undefined if there is no such topic, 0 if it has no partitions. */
  partitions(topic: string): Promise<number | undefined>;
  /** Creates a partitioned topic unless it exists, with whatever number of partitions. */
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Creates the partitions that a topic should have and does not. */
  createMissingPartitions(topic: string): Promise<void>;
  /** Creates a subscription to one partition unless it exists. */
  createSubscription(topic: string, partition: number, subscription: string, from: Start): Promise<void>;
  /** The last message of a partition; its entry is -1 if there is none. */
  lastMessage(topic: string, partition: number): Promise<MessageId>;
  /** The first message since a time, which may be one that is still to come. */
  firstMessageSince(topic: string, partition: number, time: Date): Promise<MessageId>;
  /** The stored entries of each partition, by its number. */
  entries(topic: string, partitions: number): Promise<bigint[]>;
  /** How many entries a subscription has not acknowledged; undefined if there is no such subscription. */
  backlog(topic: string, subscription: string): Promise<number | undefined>;
}

/** Where a subscription begins; a message is the first that it receives. */
export type Start = 'earliest' | 'latest' | MessageId;

/** What the admin API writes of a message id. */
interface JsonMessageId {
  readonly ledgerId: number;
  readonly entryId: number;
}

interface Metadata {
  readonly partitions: number;
}

interface Stats {
  readonly subscriptions: Readonly<Record<string, { readonly msgBacklog: number }>>;
}

interface InternalStats {
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
    if (found === undefined) throw missingTopic(topic);
    return found;
  };
  const messageAt = async (topic: string, partition: number, path: string): Promise<MessageId> => {
    const found = (await get(`${partitionPath(topic, partition)}/${path}`, topic)) as JsonMessageId;
    return { partition, ledger: BigInt(found.ledgerId), entry: BigInt(found.entryId) };
  };
  return {
    check: async () => {
      if ((await find(`${base}/persistent/${namespacePath(place)}/partitioned`)) !== undefined) return;
      throw new AlpesError('unavailable', `Pulsar has no namespace ${namespacePath(place)}; declare its topics first`);
    },
    createNamespace: (policies) => createNamespace(ask, base, place, policies),
    partitions: async (topic) => ((await find(`${pathOf(topic)}/partitions`)) as Metadata | undefined)?.partitions,
    createTopic: async (topic, partitions) => {
      parse(await ask('PUT', `${pathOf(topic)}/partitions`, String(partitions)), 409);
    },
    createMissingPartitions: async (topic) => {
      parse(await ask('POST', `${pathOf(topic)}/createMissedPartitions`));
    },
    createSubscription: async (topic, partition, subscription, from) => {
      const path = `${partitionPath(topic, partition)}/subscription/${encodeURIComponent(subscription)}`;
      const answer = await ask('PUT', path, startBody(from));
      if (answer.status === 404) throw missingTopic(topic);
      parse(answer, 409);
    },
    lastMessage: (topic, partition) => messageAt(topic, partition, 'lastMessageId'),
    firstMessageSince: (topic, partition, time) => messageAt(topic, partition, `messageid/${time.getTime()}`),
    entries: async (topic, partitions) => {
      const path = `${pathOf(topic)}/partitioned-internalStats`;
      const { partitions: stats } = (await get(path, topic)) as InternalStats;
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

async function createNamespace(
  ask: Ask,
  base: string,
  place: Place,
  policies: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = `${base}/namespaces/${namespacePath(place)}`;
  if ((await ask('GET', path)).status === 404) {
    const clusters = parse(await ask('GET', `${base}/clusters`));
    const tenant = JSON.stringify({ adminRoles: [], allowedClusters: clusters });
    parse(await ask('PUT', `${base}/tenants/${encodeURIComponent(place.tenant)}`, tenant), 409);
    parse(await ask('PUT', path, JSON.stringify({})), 409);
  }
  for (const [name, policy] of Object.entries(policies)) {
    parse(await ask('POST', `${path}/${name}`, JSON.stringify(policy)));
  }
}

/** What the answer says; undefined if its status is the one that is as good as success. */
function parse(answer: Answer, tolerated?: number): unknown {
  if (answer.status === tolerated) return undefined;
  if (answer.status >= 400)
    throw new AlpesError('configuration', `Pulsar refuses (${answer.status}): ${reasonOf(answer)}`);
  return answer.body === '' ? undefined : JSON.parse(answer.body);
}

function missingTopic(topic: string): AlpesError {
  return new AlpesError('unavailable', `topic ${topic} does not exist; declare it first`);
}

/** Without a message id a subscription begins at the latest. */
function startBody(from: Start): string | undefined {
  if (from === 'latest') return undefined;
  const { ledger, entry } = from === 'earliest' ? { ledger: -1n, entry: -1n } : from;
  return `{"ledgerId":${ledger},"entryId":${entry},"partitionIndex":-1}`;
}

/** Of the topic that a partition is. */
const numberOf = (partitionName: string): number => Number(/-partition-(\d+)$/.exec(partitionName)?.[1] ?? -1);
