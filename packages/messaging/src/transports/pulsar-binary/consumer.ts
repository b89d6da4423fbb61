import type { ReceivedMessage } from '../../subscriber.js';
import { WINDOW } from '../pulsar/arrivals.js';
import { keepConnected } from '../pulsar/connection.js';
import { createHold, type Hold } from '../pulsar/hold.js';
import type { DurableLane } from '../pulsar/intake.js';
import { loneMessageId } from '../pulsar/message-id.js';
import { partitionTopic, type Place, topicName } from '../pulsar/names.js';
import type { JoinOptions } from '../pulsar/wire.js';
import { type Client, closeQuietly, whileWanted } from './client.js';
import { awayFrom } from './failures.js';
import { readMessage } from './message.js';
import type { ConsumerConfig, NativeConsumer, NativeMessageId } from './native.js';
import { createPressure, type Pressure } from './pressure.js';
import { watch } from './watch.js';

/** As {@link Wire.join}. To a consumer that stands still the broker sends no more than its queue takes. */
export async function join(client: Client, url: string, place: Place, options: JoinOptions): Promise<DurableLane> {
  const hold = createHold<NativeMessageId>(options.onArrival);
  const pressure = createPressure(hold.arrived);
  /** Acknowledgements that wait for a connection: without one the native client forgets them. */
  const late = new Map<string, NativeMessageId>();
  let consumer: NativeConsumer | undefined;

  // It resolves when it was told, up to 100 ms before the broker is.
  const acknowledge = (id: NativeMessageId): void => void consumer?.acknowledgeId(id).catch(() => {});
  const acknowledgeLate = (): void => {
    for (const id of late.values()) acknowledge(id);
    late.clear();
  };
  const take = (message: ReceivedMessage, id: NativeMessageId): void => {
    if (late.has(message.position)) late.set(message.position, id);
    else hold.take(message, id);
  };
  const connection = await keepConnected({
    signal: options.signal,
    open: async (onLost, unwanted) => {
      const native = await subscribe(client, url, place, options, unwanted);
      void pump(native, options, pressure, take);
      return { native, close: watchOver(native, acknowledgeLate, () => onLost(awayFrom(url))) };
    },
    onOpen: ({ native }) => {
      consumer = native;
      acknowledgeLate();
    },
  });
  const isConnected = (): boolean => connection.failure() === undefined && consumer?.isConnected() === true;
  return {
    ...{ arrived: hold.arrived, onReceived: pressure.onReceived },
    connection: {
      failure: () => connection.failure() ?? (isConnected() ? undefined : awayFrom(url)),
      close: () => {
        pressure.release();
        return connection.close();
      },
    },
    acknowledge: ({ position }) => {
      const id = hold.release(position) ?? idOf(client, position);
      if (id === undefined) return;
      if (isConnected()) acknowledge(id);
      else late.set(position, id);
    },
  };
}

async function subscribe(
  client: Client,
  url: string,
  place: Place,
  { topic, partition, subscription, consumer }: JoinOptions,
  signal: AbortSignal,
): Promise<NativeConsumer> {
  const config: ConsumerConfig = {
    ...{ topic: topicName(place, partitionTopic(topic, partition)), subscription, subscriptionType: 'Failover' },
    // Only if somebody deleted the subscription: it was made before.
    ...{ subscriptionInitialPosition: 'Earliest', consumerName: consumer, receiverQueueSize: WINDOW },
  };
  return whileWanted({ signal, url, topic: config.topic }, client.shared.subscribe(config), closeQuietly);
}

/** Closes a consumer that was away for too long; returns what closes it before. */
function watchOver(native: NativeConsumer, onConnected: () => void, onLost: () => void): () => Promise<void> {
  const stopWatching = watch({
    ...{ isConnected: () => native.isConnected(), onConnected },
    onLost: () => {
      void closeQuietly(native);
      onLost();
    },
  });
  return async () => {
    stopWatching();
    await closeQuietly(native);
  };
}

/** Takes over what comes, until the consumer is closed. */
async function pump(
  native: NativeConsumer,
  { topic, partition }: JoinOptions,
  pressure: Pressure,
  take: Hold<NativeMessageId>['take'],
): Promise<void> {
  for (;;) {
    await pressure.room();
    const received = await native.receive().catch(() => undefined);
    if (received === undefined) return;
    const { message, id } = readMessage(topic, partition, received);
    take(message, id);
  }
}

function idOf(client: Client, position: string): NativeMessageId | undefined {
  const id = loneMessageId(position);
  return id && client.toMessageId(id);
}
