import { validate as isUuid } from 'uuid';
import { type Envelope, readEnvelope } from '../envelope.js';
import type { ReceivedMessage } from '../subscriber.js';

/** A dead letter as it is in its topic: the content. What became of it since, the inbox knows. */
export interface Letter {
  readonly id: string;
  /** The redrive that ended in this death; 0 for the first delivery. */
  readonly redrive: number;
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  readonly diedAt: Date;
  /** Size of the body, which may not be in the letter. */
  readonly bytes: number;
  /** Whether the body was too large for the letter, and is kept in a table. */
  readonly isLarge: boolean;
  /** Whether key or headers were too large too, so that the message can't be put together again. */
  readonly isCut: boolean;
  /** The headers as they came, or as much of them as there was room for. */
  readonly headers: Readonly<Record<string, string>>;
  /** The message as it was, but for a large body, and with what is to be kept of it written down. */
  readonly original: ReceivedMessage;
  readonly envelope: Envelope;
}

/** Undefined if it is no letter of a message of this topic and subscription, but something that somebody else has put there. */
export function readLetter(
  received: ReceivedMessage,
  { topic, type, subscription }: { topic: string; type: string; subscription: string },
): Letter | undefined {
  const { properties } = received;
  const id = properties['dlq_message_id'] ?? '';
  const redrive = wholeNumber(properties['dlq_redrive']);
  if (!isUuid(id) || redrive === undefined) return undefined;
  if (properties['dlq_topic'] !== topic || properties['dlq_subscription'] !== subscription) return undefined;
  const headers = Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith('dlq_')));
  const original = originalOf(received, { id, topic, headers });
  const largeBytes = wholeNumber(/(\d+) bytes$/.exec(properties['dlq_body'] ?? '')?.[1]);
  return {
    ...{ id, redrive, headers, original, envelope: readEnvelope(original, type) },
    reason: properties['dlq_reason'] ?? 'unknown',
    error: properties['dlq_error'] ?? '',
    attempts: wholeNumber(properties['dlq_attempts']) ?? 0,
    diedAt: timeOf(properties['dlq_died_at']) ?? received.publishedAt,
    bytes: largeBytes ?? received.payload.byteLength,
    isLarge: properties['dlq_body'] !== undefined,
    isCut: properties['dlq_cut'] !== undefined,
  };
}

/**
 * Headers and place as they were. What a foreign message does not say of itself is derived from its place, which will be
 * another when it is sent again: so its id and its time are written down.
 */
function originalOf(
  letter: ReceivedMessage,
  { id, topic, headers }: { id: string; topic: string; headers: Readonly<Record<string, string>> },
): ReceivedMessage {
  const properties: Record<string, string> = { ...headers, ce_id: id };
  const publishedAt = timeOf(letter.properties['dlq_published_at']) ?? letter.publishedAt;
  if (timeOf(properties['ce_time']) === undefined) properties['ce_time'] = publishedAt.toISOString();
  return {
    ...{ topic, key: letter.key, payload: letter.payload, properties, publishedAt },
    partition: wholeNumber(letter.properties['dlq_partition']) ?? 0,
    position: letter.properties['dlq_position'] ?? '',
  };
}

function timeOf(text: string | undefined): Date | undefined {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** As many as a 32-bit column can hold. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0x7fffffff ? Number(text) : undefined;
}
