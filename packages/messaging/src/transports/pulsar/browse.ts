import { AlpesError } from '../../errors.js';
import type { BrowseOptions } from '../../inspector.js';
import { batchLength, payloadBytes } from '../../size-limit.js';
import type { ReceivedMessage } from '../../subscriber.js';
import type { Admin } from './admin.js';
import { createIntake, type Intake } from './intake.js';
import { compareMessageIds, type MessageId, parsePosition } from './message-id.js';
import type { After, Wire } from './wire.js';

export interface Browsing {
  readonly wire: Wire;
  readonly admin: Admin;
  readonly topic: string;
  readonly partitions: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Whoever browses wants a page; a broker that does not give it within this time, in ms, is away. */
const PARTITION_TIMEOUT_MS = 30_000;

/** As {@link Inspector.browse}: partition by partition, so that a position says how far all of them were read. */
export async function browse(
  browsing: Browsing,
  { after, limit, bytes = Infinity }: BrowseOptions,
): Promise<ReceivedMessage[]> {
  const start = after === undefined ? undefined : parsePosition(after);
  const found: ReceivedMessage[] = [];
  const isFull = (): boolean => found.length >= limit || payloadBytes(found) >= bytes;
  for (let number = start?.partition ?? 0; number < browsing.partitions && !isFull(); number += 1) {
    const from = number === start?.partition ? start : 'earliest';
    const end = await browsing.admin.lastMessage(browsing.topic, number);
    if (end.entry < 0n || (from !== 'earliest' && compareMessageIds(from, end) >= 0)) continue;
    const left = { messages: limit - found.length, bytes: bytes - payloadBytes(found) };
    found.push(...(await readTo(browsing, from, end, left)));
  }
  return found;
}

/** Reads one partition up to `end`, or until there are so many messages or bytes. */
async function readTo(
  { wire, admin, topic, signal }: Browsing,
  after: After,
  end: MessageId,
  left: { readonly messages: number; readonly bytes: number },
): Promise<ReceivedMessage[]> {
  const found: ReceivedMessage[] = [];
  let intake: Intake | undefined;
  const lane = await wire.read({
    ...{ topic, partition: end.partition, after, signal },
    currentLedger: () => admin.currentLedger(topic, end.partition),
    onArrival: () => intake?.wake(),
  });
  intake = createIntake([lane], PARTITION_TIMEOUT_MS);
  try {
    for (let isLast = false; !isLast && found.length < left.messages && payloadBytes(found) < left.bytes;) {
      const messages = await intake.receive(left.messages - found.length, PARTITION_TIMEOUT_MS, signal);
      const last = messages.at(-1);
      if (last === undefined) {
        throw new AlpesError('unavailable', `${wire.url} does not give all messages of ${topic}`);
      }
      found.push(...messages.slice(0, batchLength(messages, messages.length, left.bytes - payloadBytes(found))));
      isLast = compareMessageIds(parsePosition(last.position), end) >= 0;
    }
  } finally {
    await intake.close();
  }
  return found;
}
