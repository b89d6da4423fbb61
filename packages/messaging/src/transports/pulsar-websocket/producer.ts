import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, delayAfter, pause } from '../../backoff.js';
import { AlpesError } from '../../errors.js';
import type { TransportMessage } from '../../publisher.js';
import { type Place, topicPath } from '../pulsar/names.js';
import { readConfirmation, toProducerFrame } from './frames.js';
import { createOutstanding } from './outstanding.js';
import { type Endpoint, openSocket } from './socket.js';

/** Publishes to one topic. */
export interface Producer {
  /** As {@link Publisher.publish}, with messages of this topic only. */
  publish(messages: readonly TransportMessage[]): Promise<readonly (AlpesError | undefined)[]>;
  close(): Promise<void>;
}

/** One connection of a producer. When a message fails, so do all behind it that are not confirmed: it is over. */
interface Link {
  publish(messages: readonly TransportMessage[]): Promise<readonly (AlpesError | undefined)[]>;
  isOver(): boolean;
  close(): Promise<void>;
}

/** Whoever publishes waits for a connection this long in ms at most; the try to connect goes on. */
const PATIENCE_MS = 10_000;
/** How long in ms to wait before the next try to connect. */
const RECONNECT: Backoff = { firstMs: 50, maxMs: 1_000 };

/**
 * The broker has Murmur3 route keys to partitions, as all our transports do. It publishes each message as an entry of
 * its own, not in batches, so that what it counts and what it is told are messages; measured, batches carry no more
 * here. It never gives up by itself (`sendTimeoutMillis=0`), which would leave a gap in front of what is sent after.
 */
export function createProducer(endpoint: Endpoint, place: Place, topic: string): Producer {
  const query = new URLSearchParams({
    ...{ hashingScheme: 'Murmur3_32Hash', messageRoutingMode: 'SinglePartition' },
    ...{ batchingEnabled: 'false', sendTimeoutMillis: '0' },
  });
  const path = `producer/${topicPath(place, topic)}?${query.toString()}`;
  const closing = new AbortController();
  let link: Promise<Link> | undefined;
  let failures = 0;

  const connect = async (): Promise<Link> => {
    if (failures > 0) await pause(delayAfter(failures, RECONNECT), closing.signal);
    try {
      const opened = await openLink(endpoint, path, closing.signal);
      failures = 0;
      return opened;
    } catch (thrown) {
      failures += 1;
      link = undefined;
      throw thrown;
    }
  };
  const linked = async (): Promise<Link> => {
    if (link !== undefined && (await link).isOver()) link = undefined;
    return (link ??= connect());
  };
  return {
    publish: async (messages) => {
      try {
        return await (await inTime(linked(), endpoint)).publish(messages);
      } catch (thrown) {
        const error = AlpesError.from(thrown);
        return messages.map(() => error);
      }
    },
    close: async () => {
      closing.abort();
      const opened = await link?.catch(() => undefined);
      await opened?.close();
    },
  };
}

async function inTime(linked: Promise<Link>, { url }: Endpoint): Promise<Link> {
  const timing = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: timing.signal }).then(() => {
    throw new AlpesError('unavailable', `${url} has taken no connection within ${PATIENCE_MS} ms`);
  });
  try {
    return await Promise.race([linked, late]);
  } finally {
    timing.abort();
    late.catch(() => {});
  }
}

async function openLink(endpoint: Endpoint, path: string, signal: AbortSignal): Promise<Link> {
  const end = (why: string): void => {
    const error = new AlpesError('unavailable', why);
    // At once: what is confirmed from now on is behind what failed.
    outstanding.fail(error);
    socket.destroy(error);
  };
  const outstanding = createOutstanding(() => end(`${endpoint.url} does not confirm messages any more`));
  const onMessage = (text: string): void => {
    const { result, context = '', errorMsg = result } = readConfirmation(text);
    if (result === 'ok') outstanding.confirm(context);
    else end(`the broker did not take a message: ${errorMsg}`);
  };
  const socket = await openSocket(endpoint, path, { onMessage, onClose: outstanding.fail }, signal);
  return {
    publish: async (messages) => {
      const results: Promise<AlpesError | undefined>[] = [];
      for (const message of messages) {
        await outstanding.room();
        const send = (context: string): void => socket.send(toProducerFrame(message, context));
        results.push(outstanding.add(message.payload.byteLength, send));
      }
      return Promise.all(results);
    },
    isOver: outstanding.isOver,
    close: socket.close,
  };
}
