import { AlpesError } from '../../errors.js';
import type { TransportMessage } from '../../publisher.js';
import { type Link, sendAll } from '../pulsar/link.js';
import { createOutstanding } from '../pulsar/outstanding.js';
import { closeQuietly } from './client.js';
import { failureOf } from './failures.js';
import type { NativeClient, NativeProducer } from './native.js';
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
  const producer = await createProducer(client, url, topic, signal);
  const close = async (): Promise<void> => {
    stopWatching();
    await closeQuietly(producer);
  };
  const end = (error: AlpesError): void => {
    // At once: what is confirmed from now on is behind what failed.
    outstanding.fail(error);
    void close();
  };
  const endSilent = (): void => end(new AlpesError('unavailable', `${url} does not confirm messages any more`));
  const outstanding = createOutstanding(MOST_MESSAGES, endSilent);
  const stopWatching = watch({ isConnected: () => producer.isConnected(), onLost: endSilent });
  const send = (message: TransportMessage, context: string): void => {
    producer.send(toNative(message)).then(
      () => outstanding.confirm(context),
      (thrown: unknown) => end(failureOf(url, thrown)),
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

/** The native client tries for 30 s; nobody waits for that who does not want it any more. */
async function createProducer(
  client: NativeClient,
  url: string,
  topic: string,
  signal: AbortSignal,
): Promise<NativeProducer> {
  const creating = client.createProducer({
    ...{ topic, hashingScheme: 'Murmur3_32Hash', messageRoutingMode: 'UseSinglePartition' },
    ...{ batchingEnabled: false, sendTimeoutMs: NEVER_MS },
  });
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    const producer = await Promise.race([creating, aborted]);
    if (producer !== undefined) return producer;
  } catch (thrown) {
    throw failureOf(url, thrown);
  }
  void creating.then(closeQuietly, () => {});
  throw new AlpesError('unavailable', `${url} is not wanted any more`);
}

function toNative({ key, properties, payload }: TransportMessage) {
  return {
    ...{ partitionKey: key, properties },
    data: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
  };
}
