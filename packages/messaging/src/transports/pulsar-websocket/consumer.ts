import { WINDOW } from '../pulsar/arrivals.js';
import { keepConnected } from '../pulsar/connection.js';
import { createHold } from '../pulsar/hold.js';
import type { DurableLane } from '../pulsar/intake.js';
import { encodeMessageId, loneMessageId } from '../pulsar/message-id.js';
import { partitionTopic, type Place, topicPath } from '../pulsar/names.js';
import type { JoinOptions } from '../pulsar/wire.js';
import { acknowledgeFrame, permitFrame, readDelivery } from './frames.js';
import { type Endpoint, openSocket, type Socket, type SocketHandlers } from './socket.js';

/**
 * As {@link Wire.join}. In pull mode the broker sends as many messages as we permit, so to a consumer that stands still it
 * soon sends nothing any more, and closes its connection as an idle one.
 */
export async function join(
  endpoint: Endpoint,
  place: Place,
  { topic, partition, subscription, consumer, signal, onArrival }: JoinOptions,
): Promise<DurableLane> {
  const hold = createHold<string>(onArrival);
  /** Acknowledgements that wait for a connection. */
  const late = new Set<string>();
  let permitted = 0;
  let [send, resume]: [Socket['send'], Socket['resume']] = [() => {}, () => {}];
  const permit = (): void => {
    const free = WINDOW - permitted - hold.arrived.size();
    if (free < WINDOW / 2) return;
    permitted += free;
    send(permitFrame(free));
  };
  const onMessage: SocketHandlers['onMessage'] = (text, socket) => {
    const { message, messageId } = readDelivery(topic, partition, text);
    permitted -= 1;
    hold.take(message, messageId);
    if (hold.arrived.isLarge()) socket.pause();
    permit();
  };
  const path = consumerPath(place, { topic, partition, subscription, consumer });
  const connection = await keepConnected({
    signal,
    open: (onLost, unwanted) => openSocket(endpoint, path, { onMessage, onClose: onLost }, unwanted),
    onOpen: (socket) => {
      for (const messageId of late) socket.send(acknowledgeFrame(messageId));
      late.clear();
      // It may have been paused before it was known.
      if (!hold.arrived.isLarge()) socket.resume();
      [permitted, send, resume] = [0, socket.send, socket.resume];
      permit();
    },
  });
  return {
    ...{ arrived: hold.arrived, connection },
    onReceived: () => {
      permit();
      if (!hold.arrived.isLarge()) resume();
    },
    acknowledge: ({ position }) => {
      const messageId = hold.release(position) ?? idOf(position);
      if (messageId === undefined) return;
      if (connection.failure() === undefined) send(acknowledgeFrame(messageId));
      else late.add(messageId);
    },
  };
}

function consumerPath(
  place: Place,
  { topic, partition, subscription, consumer }: Omit<JoinOptions, 'onArrival' | 'signal'>,
): string {
  const query = new URLSearchParams({
    ...{ subscriptionType: 'Failover', pullMode: 'true', receiverQueueSize: String(WINDOW) },
    // Only if somebody deleted the subscription: it was made before.
    ...{ subscriptionInitialPosition: 'Earliest', consumerName: consumer },
  });
  const name = topicPath(place, partitionTopic(topic, partition));
  return `consumer/${name}/${encodeURIComponent(subscription)}?${query.toString()}`;
}

function idOf(position: string): string | undefined {
  const id = loneMessageId(position);
  return id && encodeMessageId(id).toString('base64');
}
