import { AlpesError } from '../../errors.js';
import type { TransportMessage } from '../../publisher.js';
import type { ReceivedMessage } from '../../subscriber.js';
import { decodeMessageId, formatPosition } from '../pulsar/message-id.js';

/** A message as the WebSocket API takes it; `context` comes back with its confirmation. */
export function toProducerFrame({ key, properties, payload }: TransportMessage, context: string): string {
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  return JSON.stringify({ payload: base64, key, properties, context });
}

/** What the WebSocket API says became of a message that was published. */
export interface Confirmation {
  readonly result: string;
  readonly context?: string;
  readonly errorMsg?: string;
}

export function readConfirmation(text: string): Confirmation {
  return parse(text) as Confirmation;
}

/** A received message, and the message id by which the API wants it to be acknowledged. */
export interface Delivery {
  readonly message: ReceivedMessage;
  readonly messageId: string;
}

interface ConsumerFrame {
  readonly messageId: string;
  readonly payload?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly publishTime: string;
  readonly key?: string;
}

/** A message of a partition as the WebSocket API gives it. Foreign ones may have neither a key nor a payload. */
export function readDelivery(topic: string, partition: number, text: string): Delivery {
  const { messageId, payload = '', properties = {}, publishTime, key = '' } = parse(text) as ConsumerFrame;
  const message = {
    ...{ topic, partition, key, properties },
    payload: Buffer.from(payload, 'base64'),
    position: formatPosition({ ...decodeMessageId(Buffer.from(messageId, 'base64')), partition }),
    publishedAt: new Date(publishTime),
  };
  return { message, messageId };
}

export const permitFrame = (count: number): string => JSON.stringify({ type: 'permit', permitMessages: count });
export const acknowledgeFrame = (messageId: string): string => JSON.stringify({ messageId });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AlpesError('unavailable', `this is not Pulsar's WebSocket API: "${text.slice(0, 50)}"`, { cause: error });
  }
}
