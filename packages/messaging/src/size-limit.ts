import { AlpesError } from './errors.js';
import type { TransportMessage } from './publisher.js';

/**
 * Most bytes of a message, headers included. Pulsar's WebSocket API closes the connection at 1 MB of base64, and a
 * message that can't be published would hold up a relay for ever; so no transport gets one that is larger.
 */
export const MAX_MESSAGE_BYTES = 512 * 1024;

/** Bytes of key, properties and payload together. */
export function sizeOf({ key, properties, payload }: TransportMessage): number {
  const texts = [key, ...Object.entries(properties).flat()];
  return payload.byteLength + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The message itself; throws `payload-too-large` if it is over the limit. */
export function assertPublishable(message: TransportMessage): TransportMessage {
  const size = sizeOf(message);
  if (size <= MAX_MESSAGE_BYTES) return message;
  const text = `a message for ${message.topic} has ${size} bytes; at most ${MAX_MESSAGE_BYTES} can be published`;
  throw new AlpesError('payload-too-large', text);
}
