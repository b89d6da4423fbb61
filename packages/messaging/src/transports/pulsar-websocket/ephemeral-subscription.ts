import type { ReceivedMessage, Subscription } from '../../subscriber.js';
import { parsePosition } from '../pulsar/message-id.js';
import { keepConnected } from './connection.js';
import type { SubscriptionOptions } from './durable-subscription.js';
import { acknowledgeFrame, readDelivery } from './frames.js';
import { createIntake, type Intake, type Lane, openAll, WINDOW } from './intake.js';
import { type After, readerPath } from './reader.js';
import { openSocket, type Socket } from './socket.js';

/** Readers of all partitions, which keep their places in memory. */
export async function subscribeEphemerally(
  options: SubscriptionOptions & { readonly start: readonly After[] },
): Promise<Subscription> {
  let intake: Intake | undefined;
  const wake = (): void => intake?.wake();
  const lanes = await openAll(options.start.map((after, partition) => read(options, partition, after, wake)));
  intake = createIntake(lanes, options.pollMs);
  return { receive: intake.receive, acknowledge: async () => {}, close: intake.close };
}

/** After an outage a reader goes on behind the last message that arrived. */
async function read(
  { endpoint, place, topic }: SubscriptionOptions,
  partition: number,
  start: After,
  onArrival: () => void,
): Promise<Lane> {
  const arrived: ReceivedMessage[] = [];
  let after = start;
  let send: Socket['send'] = () => {};
  const connection = await keepConnected({
    open: (handlers, signal) => {
      const path = readerPath(place, topic, partition, after, WINDOW);
      return openSocket(endpoint, path, handlers, signal);
    },
    onOpen: (socket) => {
      ({ send } = socket);
    },
    onMessage: (text) => {
      const { message } = readDelivery(topic, partition, text);
      after = parsePosition(message.position);
      arrived.push(message);
      onArrival();
    },
  });
  // The broker takes no note of it but that it may send one message more.
  return { arrived, connection, onReceived: () => send(acknowledgeFrame('')) };
}
