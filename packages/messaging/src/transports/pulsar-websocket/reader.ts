import { createArrivals, WINDOW } from '../pulsar/arrivals.js';
import { keepConnected } from '../pulsar/connection.js';
import type { Lane } from '../pulsar/intake.js';
import { encodeMessageId, parsePosition } from '../pulsar/message-id.js';
import { partitionTopic, type Place, topicPath } from '../pulsar/names.js';
import type { After, ReadOptions } from '../pulsar/wire.js';
import { acknowledgeFrame, readDelivery } from './frames.js';
import { type Endpoint, openSocket, type Socket, type SocketHandlers } from './socket.js';

/** As {@link Wire.read}. After an outage a reader goes on behind the last message that arrived. */
export async function read(
  endpoint: Endpoint,
  place: Place,
  { topic, partition, after: start, signal, onArrival }: ReadOptions,
): Promise<Lane> {
  const arrived = createArrivals();
  let after = start;
  let [send, resume]: [Socket['send'], Socket['resume']] = [() => {}, () => {}];
  const onMessage: SocketHandlers['onMessage'] = (text, socket) => {
    const { message } = readDelivery(topic, partition, text);
    after = parsePosition(message.position);
    arrived.add(message);
    if (arrived.isLarge()) socket.pause();
    onArrival();
  };
  const connection = await keepConnected({
    signal,
    open: (onLost, unwanted) =>
      openSocket(endpoint, readerPath(place, topic, partition, after), { onMessage, onClose: onLost }, unwanted),
    onOpen: (socket) => {
      ({ send, resume } = socket);
      // It may have been paused before it was known.
      if (!arrived.isLarge()) resume();
    },
  });
  // The broker takes no note of it but that it may send one message more.
  const onReceived = (): void => {
    send(acknowledgeFrame(''));
    if (!arrived.isLarge()) resume();
  };
  return { arrived, connection, onReceived };
}

/** Of a reader that is given at most so many messages beyond those that it has confirmed. */
function readerPath(place: Place, topic: string, partition: number, after: After): string {
  const query = new URLSearchParams({
    messageId: after === 'earliest' ? after : encodeMessageId(after).toString('base64'),
    receiverQueueSize: String(WINDOW),
  });
  return `reader/${topicPath(place, partitionTopic(topic, partition))}?${query.toString()}`;
}
