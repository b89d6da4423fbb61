import { createArrivals, WINDOW } from '../pulsar/arrivals.js';
import { keepConnected } from '../pulsar/connection.js';
import type { Lane } from '../pulsar/intake.js';
import { parsePosition } from '../pulsar/message-id.js';
import { partitionTopic, type Place, topicName } from '../pulsar/names.js';
import type { ReadOptions } from '../pulsar/wire.js';
import { type Client, closeQuietly, whileWanted } from './client.js';
import { awayFrom } from './failures.js';
import { readMessage } from './message.js';
import type { NativeMessage, NativeReader } from './native.js';
import { createPressure } from './pressure.js';
import { watch } from './watch.js';

type Take = (message: NativeMessage) => Promise<void>;
type Start = Pick<ReadOptions, 'after' | 'currentLedger'>;

interface OpenReader {
  isConnected(): boolean;
  close(): Promise<void>;
}

/**
 * As {@link Wire.read}. It has a client of its own, whose thread it may hold up while messages wait to be received: what
 * its `readNext` waits in is one of the four threads that Node has for files and names.
 */
export async function read(
  client: Client,
  url: string,
  place: Place,
  { topic, partition, after: start, currentLedger, signal, onArrival }: ReadOptions,
): Promise<Lane> {
  const arrived = createArrivals();
  const pressure = createPressure(arrived);
  let after = start;
  let reader: OpenReader | undefined;
  const take: Take = async (native) => {
    const { message } = readMessage(topic, partition, native);
    after = parsePosition(message.position);
    arrived.add(message);
    onArrival();
    await pressure.room();
  };
  const name = topicName(place, partitionTopic(topic, partition));
  const connection = await keepConnected({
    signal,
    open: async (onLost, unwanted) => {
      const opened = await openReader(client, url, name, { after, currentLedger }, take, unwanted);
      const stopWatching = watch({
        isConnected: opened.isConnected,
        onLost: () => {
          void opened.close();
          onLost(awayFrom(url));
        },
      });
      return {
        isConnected: opened.isConnected,
        close: async () => {
          stopWatching();
          await opened.close();
        },
      };
    },
    onOpen: (opened) => {
      reader = opened;
    },
  });
  return {
    ...{ arrived, onReceived: pressure.onReceived },
    connection: {
      failure: () => connection.failure() ?? (reader?.isConnected() === true ? undefined : awayFrom(url)),
      close: async () => {
        const closing = connection.close();
        // Only now: a reader that is closed calls nobody any more.
        pressure.release();
        await closing;
      },
    },
  };
}

/** The entry behind all that a ledger will ever have. */
const NO_ENTRY = 2n ** 62n;

/**
 * A reader calls its listener as soon as there are messages, but what comes before the reader is known to Node is lost
 * without a word (to be read in `src/Reader.cc` of 1.18). So it begins behind all that can come, and is then sent to its start.
 */
async function openReader(
  client: Client,
  url: string,
  topic: string,
  start: Start,
  take: Take,
  signal: AbortSignal,
): Promise<OpenReader> {
  const native = client.another();
  let reader: NativeReader | undefined;
  const close = async (): Promise<void> => {
    await closeQuietly(reader);
    await closeQuietly(native);
  };
  try {
    const nowhere = { partition: 0, ledger: await start.currentLedger(), entry: NO_ENTRY };
    const startMessageId = client.toMessageId(nowhere);
    const config = { topic, startMessageId, receiverQueueSize: WINDOW, listener: take };
    const opened = await whileWanted({ signal, url, topic }, native.createReader(config), closeQuietly);
    reader = opened;
    await whileWanted({ signal, url, topic }, opened.seek(client.toMessageId(start.after)));
    return { isConnected: () => opened.isConnected(), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
