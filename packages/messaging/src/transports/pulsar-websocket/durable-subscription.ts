import { randomUUID } from 'node:crypto';
import type { ReceivedMessage, Subscription } from '../../subscriber.js';
import { encodeMessageId, parsePosition } from '../pulsar/message-id.js';
import { partitionNumbers, partitionTopic, type Place, topicPath } from '../pulsar/names.js';
import { keepConnected } from './connection.js';
import { acknowledgeFrame, permitFrame, readDelivery } from './frames.js';
import { createIntake, type Intake, type Lane, openAll, WINDOW } from './intake.js';
import { type Endpoint, openSocket, type Socket } from './socket.js';

export interface SubscriptionOptions {
  readonly endpoint: Endpoint;
  readonly place: Place;
  readonly topic: string;
  readonly partitions: number;
  readonly pollMs: number;
}

interface DurableLane extends Lane {
  acknowledge(message: ReceivedMessage): void;
}

/**
 * One of the competing consumers of a durable subscription: on each partition a consumer of type Failover, of which the
 * broker serves one at a time. Not one consumer of the whole topic: that acknowledges only what it has itself delivered,
 * and drops any other acknowledgement without a word (tried on 4.0.6). All of them have one name, for the broker deals
 * the partitions out by the names of their consumers.
 */
export async function subscribeDurably(options: SubscriptionOptions & { subscription: string }): Promise<Subscription> {
  const consumer = randomUUID();
  let intake: Intake | undefined;
  const wake = (): void => intake?.wake();
  const lanes = await openAll(
    partitionNumbers(options.partitions).map((partition) => join(options, partition, consumer, wake)),
  );
  intake = createIntake(lanes, options.pollMs);
  return {
    receive: intake.receive,
    // The API confirms no acknowledgement; one that is lost with its connection means that the message comes again.
    acknowledge: async (messages) => {
      for (const message of messages) lanes[message.partition]?.acknowledge(message);
    },
    close: intake.close,
  };
}

/**
 * In pull mode the broker sends as many messages as we permit, so to a consumer that stands still it soon sends nothing
 * any more, and closes its connection as an idle one.
 */
async function join(
  { endpoint, place, topic, subscription }: SubscriptionOptions & { subscription: string },
  partition: number,
  consumer: string,
  onArrival: () => void,
): Promise<DurableLane> {
  const arrived: ReceivedMessage[] = [];
  /** By position the ids of the messages that are in our hands; they are not to be received again, though the broker gives them. */
  const held = new Map<string, string>();
  /** Acknowledgements that wait for a connection. */
  const late = new Set<string>();
  let permitted = 0;
  let send: Socket['send'] = () => {};
  const permit = (): void => {
    const free = WINDOW - permitted - arrived.length;
    if (free < WINDOW / 2) return;
    permitted += free;
    send(permitFrame(free));
  };
  const query = new URLSearchParams({
    ...{ subscriptionType: 'Failover', pullMode: 'true', receiverQueueSize: String(WINDOW) },
    // Only if somebody deleted the subscription: it was made before.
    ...{ subscriptionInitialPosition: 'Earliest', consumerName: consumer },
  });
  const path = `consumer/${topicPath(place, partitionTopic(topic, partition))}/${encodeURIComponent(subscription)}?${query.toString()}`;
  const connection = await keepConnected({
    open: (handlers, signal) => openSocket(endpoint, path, handlers, signal),
    onOpen: (socket) => {
      for (const messageId of late) socket.send(acknowledgeFrame(messageId));
      late.clear();
      [permitted, send] = [0, socket.send];
      permit();
    },
    onMessage: (text) => {
      const { message, messageId } = readDelivery(topic, partition, text);
      permitted -= 1;
      if (!held.has(message.position)) {
        arrived.push(message);
        onArrival();
      }
      held.set(message.position, messageId);
      permit();
    },
  });
  return {
    ...{ arrived, connection },
    onReceived: permit,
    acknowledge: ({ position }) => {
      const messageId = held.get(position) ?? encodeMessageId(parsePosition(position));
      held.delete(position);
      if (connection.failure() === undefined) send(acknowledgeFrame(messageId));
      else late.add(messageId);
    },
  };
}
