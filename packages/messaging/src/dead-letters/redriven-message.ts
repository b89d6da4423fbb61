import type { TransportMessage } from '../publisher.js';
import { MAX_MESSAGE_BYTES, sizeOf } from '../size-limit.js';
import { childTraceparent } from '../trace-context.js';
import type { Letter } from './letter.js';

/**
 * The message of a letter as it is sent again: the same id, headers and body, with the next number, for this subscription
 * only, in a new span of its trace. Undefined if it is too large to be published.
 */
export function redrivenMessage(
  { original, envelope, redrive }: Letter,
  subscription: string,
  payload: Uint8Array,
): TransportMessage | undefined {
  const message = {
    ...{ topic: original.topic, key: original.key, payload },
    properties: {
      ...original.properties,
      ce_redrive: String(redrive + 1),
      ce_redrivefor: subscription,
      traceparent: childTraceparent(envelope.traceparent),
    },
  };
  return sizeOf(message) <= MAX_MESSAGE_BYTES ? message : undefined;
}
