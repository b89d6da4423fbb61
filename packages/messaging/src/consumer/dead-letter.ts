import { isDeepStrictEqual } from 'node:util';
import type { AlpesError } from '../errors.js';
import type { InboxKey, InboxStore } from '../inbox/store.js';
import type { Outbox } from '../outbox/outbox.js';
import type { TransportMessage } from '../publisher.js';
import { MAX_MESSAGE_BYTES, sizeOf } from '../size-limit.js';
import type { ReceivedMessage } from '../subscriber.js';
import { deadLetterTopic } from '../topic-names.js';

/** A message that can't be handled, and why. */
export interface Death {
  readonly received: ReceivedMessage;
  readonly key: InboxKey;
  readonly error: AlpesError;
  readonly attempts: number;
}

/** Most characters of a reason, and of the key and each header of a letter without a body; the log has the whole error. */
const MAX_TEXT = 1_000;
/** Most headers of a letter without a body: with these limits, three bytes a character, it can always be published. */
const MAX_HEADERS = 60;

/**
 * Buries messages of one subscription: inbox row and dead letter are written in one transaction, so a message is never
 * dead without a letter, and has one letter per death. False if it was handled, or buried, before.
 */
export function createUndertaker<Tx>(subscription: string, inbox: InboxStore<Tx>, outbox: Outbox<Tx>) {
  return (death: Death): Promise<boolean> =>
    outbox.inTransaction(async (tx) => {
      const { key, received } = death;
      if (!(await inbox.markDead(tx, subscription, key))) return false;
      const letter = deadLetter(subscription, death);
      if (sizeOf(letter) <= MAX_MESSAGE_BYTES) {
        await outbox.enqueue(tx, [letter]);
      } else {
        await inbox.keepLargeBody(tx, subscription, key.messageId, received.payload);
        await outbox.enqueue(tx, [withoutBody(letter)]);
      }
      return true;
    });
}

/** The original message, headers and body, with the story of its latest death in properties of the prefix `dlq_`. */
function deadLetter(subscription: string, { received, key, error, attempts }: Death): TransportMessage {
  const original = Object.entries(received.properties).filter(([name]) => !name.startsWith('dlq_'));
  return {
    topic: deadLetterTopic(received.topic, subscription),
    // PostgreSQL's texts can't hold this one character.
    key: received.key.replaceAll('\0', ''),
    payload: received.payload,
    properties: {
      ...Object.fromEntries(original),
      dlq_message_id: key.messageId,
      dlq_redrive: String(key.redrive),
      dlq_topic: received.topic,
      dlq_subscription: subscription,
      dlq_partition: String(received.partition),
      dlq_position: received.position,
      dlq_published_at: received.publishedAt.toISOString(),
      dlq_died_at: new Date().toISOString(),
      dlq_reason: error.code,
      dlq_error: error.message.slice(0, MAX_TEXT),
      dlq_attempts: String(attempts),
    },
  };
}

/** For a message over the limit: its body is in a table, and what else is large is cut, and said to be. Our own headers are last. */
function withoutBody(letter: TransportMessage): TransportMessage {
  const all = Object.entries(letter.properties);
  const kept = all
    .slice(-MAX_HEADERS)
    .map(([name, value]) => [name.slice(0, MAX_TEXT), value.slice(0, MAX_TEXT)] as const);
  const key = letter.key.slice(0, MAX_TEXT);
  const isCut = key !== letter.key || !isDeepStrictEqual(kept, all);
  const properties = {
    ...Object.fromEntries(kept),
    dlq_body: `messaging.large_body, ${letter.payload.byteLength} bytes`,
    ...(isCut && { dlq_cut: 'key or headers' }),
  };
  return { ...letter, key, payload: new Uint8Array(), properties };
}
