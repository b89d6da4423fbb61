import type { ReceivedMessage } from '../../subscriber.js';
import { keepConnected } from '../pulsar/connection.js';
import { type Lane, WINDOW } from '../pulsar/intake.js';
import { encodeMessageId, parsePosition } from '../pulsar/message-id.js';
import { partitionTopic, type Place, topicPath } from '../pulsar/names.js';
import type { After, ReadOptions } from '../pulsar/wire.js';
import { acknowledgeFrame, readDelivery } from './frames.js';
import { type Endpoint, openSocket, type Socket } from './socket.js';

/** As {@link Wire.read}. After an outage a reader goes on behind the last message that arrived. */
export async function read(
  endpoint: Endpoint,
  place: Place,
  { topic, partition, after: start, signal, onArrival }: ReadOptions,
): Promise<Lane> {
  const arrived: ReceivedMessage[] = [];
  let after = start;
  let send: Socket['send'] = () => {};
  const onMessage = (text: string): void => {
    const { message } = readDelivery(topic, partition, text);
    after = parsePosition(message.position);
    arrived.push(message);
    onArrival();
  };
  const connection = await keepConnected({
    signal,
    open: (onLost, unwanted) =>
      openSocket(endpoint, readerPath(place, topic, partition, after), { onMessage, onClose: onLost }, unwanted),
    onOpen: (socket) => {
      ({ send } = socket);
    },
  });
  // The broker takes no note of it but that it may send one message more.
  return { arrived, connection, onReceived: () => send(acknowledgeFrame('')) };
}

/** Of a reader that is given at most so many messages beyond those that it has confirmed. */
function readerPath(place: Place, topic: string, partition: number, after: After): string {
  const query = new URLSearchParams({
    messageId: after === 'earliest' ? after : encodeMessageId(after).toString('base64'),
    receiverQueueSize: String(WINDOW),
  });
  return `reader/${topicPath(place, partitionTopic(topic, partition))}?${query.toString()}`;
}
