import type { ReceivedMessage } from '../../subscriber.js';
import { decodeMessageId, formatPosition } from '../pulsar/message-id.js';
import type { NativeMessage, NativeMessageId } from './native.js';

/** A message of a partition, and what it is acknowledged by. */
export function readMessage(
  topic: string,
  partition: number,
  native: NativeMessage,
): { message: ReceivedMessage; id: NativeMessageId } {
  const id = native.getMessageId();
  const message = {
    ...{ topic, partition, key: native.getPartitionKey(), properties: propertiesOf(native), payload: native.getData() },
    position: formatPosition({ ...decodeMessageId(id.serialize()), partition }),
    publishedAt: new Date(native.getPublishTimestamp()),
  };
  return { message, id };
}

/** The native client throws where a property of a foreign message is named `length`: its array has one already. */
function propertiesOf(native: NativeMessage): Readonly<Record<string, string>> {
  try {
    return { ...native.getProperties() };
  } catch {
    return {};
  }
}
