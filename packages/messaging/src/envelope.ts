import { v5 as uuidv5, validate as isUuid } from 'uuid';
import type { ReceivedMessage } from './subscriber.js';
import { childTraceparent, traceIdOf } from './trace-context.js';

/**
 * What is known of a message beside its payload: CloudEvents 1.0 attributes in binary mode, each a property named with
 * the prefix `ce_` (https://github.com/cloudevents/spec), and the W3C trace context.
 */
export interface Envelope {
  /** UUID; the same however often the message is published or delivered. */
  readonly id: string;
  /** Full name of the Protobuf message. */
  readonly type: string;
  /** The service that said it. */
  readonly source: string;
  readonly time: Date;
  /** What it is about: the message's key. */
  readonly subject: string;
  readonly traceparent: string;
  /** The same in everything that one request led to. */
  readonly correlationId: string;
  /** The message or request that led to this one. */
  readonly causationId?: string;
  /** Version of the aggregate after an event. */
  readonly aggregateVersion?: number;
  /** How often an operator sent it again from a dead-letter topic. */
  readonly redrive: number;
  /** The subscription that a redrive is for; others ignore it. */
  readonly redriveFor?: string;
}

/** Namespace of the ids that are derived where a producer gave none. */
const NAMESPACE = 'b0d2a1a8-8d5c-5a5e-9d3f-6a1f0c1d7e42';

/** The envelope as properties. */
export function toProperties(envelope: Envelope): Record<string, string> {
  const { causationId, aggregateVersion, redrive, redriveFor } = envelope;
  const properties: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_type: envelope.type,
    ce_source: envelope.source,
    ce_time: envelope.time.toISOString(),
    ce_subject: envelope.subject,
    ce_datacontenttype: 'application/protobuf',
    ce_correlationid: envelope.correlationId,
    traceparent: envelope.traceparent,
  };
  if (causationId !== undefined) properties['ce_causationid'] = causationId;
  if (aggregateVersion !== undefined) properties['ce_aggregateversion'] = String(aggregateVersion);
  if (redrive > 0) properties['ce_redrive'] = String(redrive);
  if (redriveFor !== undefined) properties['ce_redrivefor'] = redriveFor;
  return properties;
}

/**
 * The envelope of a received message. A producer that knows nothing of it is welcome: what is missing is made of the
 * message's place in its topic, so it is the same at each delivery; `defaultType` is what the topic carries.
 */
export function readEnvelope(message: ReceivedMessage, defaultType: string): Envelope {
  const { properties } = message;
  const id = idOf(message);
  const time = new Date(properties['ce_time'] ?? Number.NaN);
  const aggregateVersion = positiveInteger(properties['ce_aggregateversion']);
  return {
    id,
    type: properties['ce_type'] ?? defaultType,
    source: properties['ce_source'] ?? 'unknown',
    time: Number.isNaN(time.getTime()) ? message.publishedAt : time,
    subject: properties['ce_subject'] ?? message.key,
    traceparent: traceparentOf(message, id),
    correlationId: properties['ce_correlationid'] ?? id,
    ...(properties['ce_causationid'] !== undefined && { causationId: properties['ce_causationid'] }),
    ...(aggregateVersion !== undefined && { aggregateVersion }),
    redrive: redriveOf(properties['ce_redrive']),
    ...(properties['ce_redrivefor'] !== undefined && { redriveFor: properties['ce_redrivefor'] }),
  };
}

function idOf({ properties, topic, partition, position, publishedAt }: ReceivedMessage): string {
  const given = properties['ce_id'];
  if (given === undefined) return uuidv5(`${topic}/${partition}/${position}/${publishedAt.toISOString()}`, NAMESPACE);
  return isUuid(given)
    ? given.toLowerCase()
    : uuidv5(wellFormed(`${properties['ce_source'] ?? ''}/${given}`), NAMESPACE);
}

/** A message without a trace begins one, which is derived from its id: every subscription sees the same trace. */
function traceparentOf({ properties }: ReceivedMessage, id: string): string {
  const given = properties['traceparent'];
  if (given !== undefined && traceIdOf(given) !== undefined) return given;
  const hex = id.replaceAll('-', '');
  return `00-${hex}-${hex.slice(16)}-01`;
}

/** What a foreign producer writes may be no text at all: half of a surrogate pair becomes U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** Operators do not send a message again more often than a 32-bit column can count. */
function redriveOf(text: string | undefined): number {
  const redrive = positiveInteger(text) ?? 0;
  return redrive <= 0x7fffffff ? redrive : 0;
}

function positiveInteger(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** What led to a message: taken over into everything that follows from it. */
export interface Cause {
  readonly traceparent: string;
  readonly correlationId: string;
  /** The id of the message or request. */
  readonly id: string;
}

/** The fields of an envelope that follow from its cause. */
export function causedBy(cause: Cause): Pick<Envelope, 'traceparent' | 'correlationId' | 'causationId'> {
  return {
    traceparent: childTraceparent(cause.traceparent),
    correlationId: cause.correlationId,
    causationId: cause.id,
  };
}
