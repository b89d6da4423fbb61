import { AlpesError } from './errors.js';
import type { TransportMessage } from './publisher.js';

/**
 * Most bytes of a message, headers included. Pulsar's WebSocket API closes the connection at 1 MB of base64, and a
 * message that can't be published would hold up a relay for ever; so no transport gets one that is larger.
 */
export const MAX_MESSAGE_BYTES = 512 * 1024;

/**
 * Bytes of payloads that make a batch, however few messages they are: messages are taken together while they have fewer.
 * So what is received, relayed or published at once has at most so many and one message more.
 */
export const BATCH_BYTES = 8 * 1024 * 1024;

/** How many of the first `most` messages make a batch, or reach so many bytes. */
export function batchLength(
  messages: readonly Pick<TransportMessage, 'payload'>[],
  most: number,
  bytes: number = BATCH_BYTES,
): number {
  let [length, taken] = [0, 0];
  while (length < Math.min(most, messages.length) && taken < bytes) {
    taken += messages[length]?.payload.byteLength ?? 0;
    length += 1;
  }
  return length;
}

/** Bytes of their payloads together. */
export function payloadBytes(messages: readonly Pick<TransportMessage, 'payload'>[]): number {
  return messages.reduce((sum, { payload }) => sum + payload.byteLength, 0);
}

/** Whether these are all that is taken together at once, `most` messages or so many bytes: behind them there may be others. */
export function isWholeBatch(messages: readonly Pick<TransportMessage, 'payload'>[], most: number): boolean {
  return messages.length >= most || payloadBytes(messages) >= BATCH_BYTES;
}

/** Bytes of key, properties and payload together. */
export function sizeOf({ key, properties, payload }: TransportMessage): number {
  const texts = [key, ...Object.entries(properties).flat()];
  return payload.byteLength + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The message itself; throws `payload-too-large` if it is over the limit. */
export function assertPublishable(message: TransportMessage): TransportMessage {
  if (isSmall(message)) return message;
  const size = sizeOf(message);
  if (size <= MAX_MESSAGE_BYTES) return message;
  const text = `a message for ${message.topic} has ${size} bytes; at most ${MAX_MESSAGE_BYTES} can be published`;
  throw new AlpesError('payload-too-large', text);
}

/** A character has at most three bytes for each of its UTF-16 units: nearly every message is known to fit by that. */
function isSmall({ key, properties, payload }: TransportMessage): boolean {
  let length = key.length;
  for (const name in properties) length += name.length + (properties[name] ?? '').length;
  return payload.byteLength + 3 * length <= MAX_MESSAGE_BYTES;
}
