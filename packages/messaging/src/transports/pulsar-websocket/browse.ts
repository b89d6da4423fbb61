import { AlpesError } from '../../errors.js';
import type { ReceivedMessage } from '../../subscriber.js';
import type { Admin } from '../pulsar/admin.js';
import { compareMessageIds, type MessageId, parsePosition } from '../pulsar/message-id.js';
import type { Place } from '../pulsar/names.js';
import { acknowledgeFrame, readDelivery } from './frames.js';
import { WINDOW } from './intake.js';
import { type After, readerPath } from './reader.js';
import { type Endpoint, openSocket } from './socket.js';

export interface BrowseOptions {
  readonly endpoint: Endpoint;
  readonly place: Place;
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
  options: BrowseOptions,
  after: string | undefined,
  limit: number,
): Promise<ReceivedMessage[]> {
  const start = after === undefined ? undefined : parsePosition(after);
  const found: ReceivedMessage[] = [];
  for (let number = start?.partition ?? 0; number < options.partitions && found.length < limit; number += 1) {
    const from = number === start?.partition ? start : 'earliest';
    const end = await options.admin.lastMessage(options.topic, number);
    if (end.entry < 0n || (from !== 'earliest' && compareMessageIds(from, end) >= 0)) continue;
    found.push(...(await readTo(options, from, end, limit - found.length)));
  }
  return found;
}

/** Reads one partition up to `end`, or `limit` messages. */
async function readTo(
  { endpoint, place, topic, signal }: BrowseOptions,
  after: After,
  end: MessageId,
  limit: number,
): Promise<ReceivedMessage[]> {
  const { partition } = end;
  const found: ReceivedMessage[] = [];
  const path = readerPath(place, topic, partition, after, WINDOW);
  const ending = AbortSignal.any([signal, AbortSignal.timeout(PARTITION_TIMEOUT_MS)]);
  let finish: (failure?: AlpesError) => void = () => {};
  const finished = new Promise<AlpesError | undefined>((resolve) => (finish = resolve));
  ending.addEventListener('abort', () => {
    finish(new AlpesError('unavailable', `${endpoint.url} does not give all messages of ${topic}`));
  });
  const onMessage = (text: string, send: (frame: string) => void): void => {
    const { message } = readDelivery(topic, partition, text);
    if (found.length < limit) found.push(message);
    const isLast = compareMessageIds(parsePosition(message.position), end) >= 0;
    if (isLast || found.length === limit) finish();
    else send(acknowledgeFrame(''));
  };
  const socket = await openSocket(endpoint, path, { onMessage, onClose: finish }, ending);
  const failure = await finished;
  await socket.close();
  if (failure !== undefined) throw failure;
  return found;
}
