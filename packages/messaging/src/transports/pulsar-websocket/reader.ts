import { encodeMessageId, type MessageId } from '../pulsar/message-id.js';
import { partitionTopic, type Place, topicPath } from '../pulsar/names.js';

/** Where a reader begins: behind a message, or at the very first. */
export type After = MessageId | 'earliest';

/** The path of a reader of one partition that is given at most `window` messages beyond those it has confirmed. */
export function readerPath(place: Place, topic: string, partition: number, after: After, window: number): string {
  const query = new URLSearchParams({
    messageId: after === 'earliest' ? after : encodeMessageId(after),
    receiverQueueSize: String(window),
  });
  return `reader/${topicPath(place, partitionTopic(topic, partition))}?${query.toString()}`;
}
