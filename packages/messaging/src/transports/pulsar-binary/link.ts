import { AlpesError } from '../../errors.js';
import type { TransportMessage } from '../../publisher.js';
import { type Link, sendAll } from '../pulsar/link.js';
import { createOutstanding } from '../pulsar/outstanding.js';
import { closeQuietly, whileWanted } from './client.js';
import { awayFrom, failureOf } from './failures.js';
import type { NativeClient } from './native.js';
import { watch } from './watch.js';

/**
 * The native client fails all that waits when the first of it has waited for this long, in ms, and then goes on with what
 * comes: a gap in the order of a key. 0, for never, it takes for its default; this is the most that it takes.
 */
const NEVER_MS = 2 ** 31 - 1;

/**
 * Most messages that wait for their confirmation. Each is a handle that Node looks at whenever one of them has news: with
 * 500 it carried half as many messages/s.
 */
const MOST_MESSAGES = 200;

/** As {@link Wire.openLink}. `topic` is its full name. */
export async function openLink(client: NativeClient, url: string, topic: string, signal: AbortSignal): Promise<Link> {
  const creating = client.createProducer({
    ...{ topic, hashingScheme: 'Murmur3_32Hash', messageRoutingMode: 'UseSinglePartition' },
    ...{ batchingEnabled: false, sendTimeoutMs: NEVER_MS },
  });
  const producer = await whileWanted({ signal, url, topic }, creating, closeQuietly);
  const close = async (): Promise<void> => {
    stopWatching();
    await closeQuietly(producer);
  };
  const end = (error: AlpesError): void => {
    // At once: what is confirmed from now on is behind what failed.
    outstanding.fail(error);
    void close();
  };
  const outstanding = createOutstanding(MOST_MESSAGES, () => {
    end(new AlpesError('unavailable', `${url} does not confirm messages any more`));
  });
  const stopWatching = watch({ isConnected: () => producer.isConnected(), onLost: () => end(awayFrom(url)) });
  const send = (message: TransportMessage, context: string): void => {
    producer.send(toNative(message)).then(
      () => outstanding.confirm(context),
      (thrown: unknown) => end(failureOf(url, topic, thrown)),
    );
  };
  return {
    publish: (messages) => sendAll(outstanding, messages, send),
    isOver: outstanding.isOver,
    close: async () => {
      outstanding.fail(new AlpesError('unavailable', `${url} is not wanted any more`));
      await close();
    },
  };
}

function toNative({ key, properties, payload }: TransportMessage) {
  return {
    ...{ partitionKey: key, properties },
    data: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
  };
}
