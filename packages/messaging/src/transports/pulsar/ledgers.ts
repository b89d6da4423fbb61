import { missingTopics } from '../../missing-topics.js';
import { type Ask, parse } from './http.js';
import type { MessageId } from './message-id.js';
import { partitionTopic, type Place, topicPath } from './names.js';

/** What is asked of the admin API about the ledgers in which a partition's messages are. */
export interface LedgerAdmin {
  /** The last message of a partition; its entry is -1 if there is none. */
  lastMessage(topic: string, partition: number): Promise<MessageId>;
  /** The first message since a time, which may be one that is still to come. */
  firstMessageSince(topic: string, partition: number, time: Date): Promise<MessageId>;
  /** The ledger to which the messages of a partition are written at present. */
  currentLedger(topic: string, partition: number): Promise<bigint>;
  beginning(topic: string, partition: number): Promise<Beginning>;
  /** Before which entry, or with which, all is acknowledged; undefined if there is no such subscription. */
  acknowledged(topic: string, partition: number, subscription: string): Promise<Entry | undefined>;
}

export type Entry = Pick<MessageId, 'ledger' | 'entry'>;

/** What is known of how a partition began. */
export interface Beginning {
  readonly createdAt: Date;
  /** How many messages were published before its first one; undefined where the broker does not number them. */
  readonly gone: bigint | undefined;
}

/** What the admin API writes of a message id. */
interface JsonMessageId {
  readonly ledgerId: number;
  readonly entryId: number;
  /** Of the last message of a batch; -1 or absent if it is alone in its entry. */
  readonly batchIndex?: number;
}

interface InternalStats {
  readonly numberOfEntries: number;
  /** Of the last one, to which is still written, the entries are not counted yet. */
  readonly ledgers: readonly { readonly ledgerId: number; readonly entries: number }[];
  readonly cursors: Readonly<Record<string, { readonly markDeletePosition: string }>>;
}

interface InternalInfo {
  readonly creationDate: string;
  readonly properties?: Readonly<Record<string, string>>;
}

export function connectLedgers(ask: Ask, place: Place): LedgerAdmin {
  const pathOf = (topic: string, partition: number): string =>
    `/admin/v2/${topicPath(place, partitionTopic(topic, partition))}`;
  const get = async (topic: string, partition: number, path: string): Promise<unknown> => {
    const found = parse(await ask('GET', `${pathOf(topic, partition)}/${path}`), 404);
    if (found === undefined) throw missingTopics([topic]);
    return found;
  };
  const stats = async (topic: string, partition: number): Promise<InternalStats> =>
    (await get(topic, partition, 'internalStats')) as InternalStats;
  const messageAt = async (topic: string, partition: number, path: string): Promise<MessageId> => {
    const { ledgerId, entryId, batchIndex = -1 } = (await get(topic, partition, path)) as JsonMessageId;
    const batch = batchIndex < 0 ? undefined : batchIndex;
    return { partition, ledger: BigInt(ledgerId), entry: BigInt(entryId), batch };
  };
  return {
    lastMessage: (topic, partition) => messageAt(topic, partition, 'lastMessageId'),
    firstMessageSince: (topic, partition, time) => messageAt(topic, partition, `messageid/${time.getTime()}`),
    currentLedger: async (topic, partition) => BigInt((await stats(topic, partition)).ledgers.at(-1)?.ledgerId ?? -1),
    beginning: async (topic, partition) => {
      const info = (await get(topic, partition, 'internal-info')) as InternalInfo;
      const ledger = firstFilled(await stats(topic, partition));
      const index =
        ledger === undefined
          ? nextIndex(info)
          : firstIndex(await ask('GET', `${pathOf(topic, partition)}/ledger/${ledger}/entry/0`));
      return { createdAt: new Date(info.creationDate), gone: index };
    },
    acknowledged: async (topic, partition, subscription) => {
      const { cursors } = await stats(topic, partition);
      const [ledger = '', entry = ''] = cursors[subscription]?.markDeletePosition.split(':') ?? [];
      return ledger === '' ? undefined : { ledger: BigInt(ledger), entry: BigInt(entry) };
    },
  };
}

function firstFilled({ ledgers, numberOfEntries }: InternalStats): number | undefined {
  if (numberOfEntries === 0) return undefined;
  return (ledgers.find(({ entries }) => entries > 0) ?? ledgers.at(-1))?.ledgerId;
}

/**
 * The number of the first message in an entry. The broker writes to each entry the number of its last one, from 0 on, if it
 * has the AppendIndexMetadataInterceptor.
 */
function firstIndex({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): bigint | undefined {
  const last = headers['x-pulsar-broker-entry-metadata-index'];
  if (typeof last !== 'string') return undefined;
  const messages = headers['x-pulsar-num-batch-message'];
  return BigInt(last) - BigInt(typeof messages === 'string' ? messages : 1) + 1n;
}

/** Where there is no entry: the number of the last message that there was, which is noted with each new ledger, and one more. */
function nextIndex({ properties }: InternalInfo): bigint | undefined {
  const last = properties?.['index'];
  return last === undefined ? undefined : BigInt(last) + 1n;
}
