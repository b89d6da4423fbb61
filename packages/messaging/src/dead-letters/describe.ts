import { type JsonValue, toJson } from '@bufbuild/protobuf';
import { type Contract, decodeBody } from '../catalogue.js';
import { AlpesError } from '../errors.js';
import { traceIdOf } from '../trace-context.js';
import type { Letter } from './letter.js';
import type { LetterState, Told } from './state.js';

/** A dead letter and what became of it. */
export interface DeadLetter {
  /** The message's id. A message that was redriven and has died again has a letter for each death. */
  readonly id: string;
  /** The redrive that ended in this death; 0 for the first delivery. */
  readonly redrive: number;
  readonly state: LetterState;
  readonly subscription: string;
  /** Of the message. */
  readonly topic: string;
  readonly key: string;
  /** Code of the error: see {@link ERROR_CODES}. */
  readonly reason: string;
  readonly error: string;
  readonly attempts: number;
  readonly publishedAt: Date;
  readonly diedAt: Date;
  /** Size of the body. */
  readonly bytes: number;
  readonly traceId?: string;
  readonly correlationId: string;
}

/** The body as its contract reads it, else its bytes, and why. */
export type Body =
  | { readonly type: string; readonly json: JsonValue }
  | { readonly base64: string; readonly why: string }
  | { readonly why: string };

/** One death of a message. */
export type Death = Pick<DeadLetter, 'redrive' | 'diedAt' | 'reason' | 'error' | 'attempts'>;

/** The latest letter of a message, whole. */
export interface DeadLetterInFull extends DeadLetter {
  /** As the message came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  /** All of its deaths, in their order. */
  readonly deaths: readonly Death[];
}

export function describe({ letter, state }: Told, subscription: string): DeadLetter {
  const { id, redrive, reason, error, attempts, diedAt, bytes, original, envelope } = letter;
  const traceId = traceIdOf(envelope.traceparent);
  return {
    ...{ id, redrive, state, subscription, topic: original.topic, key: original.key, reason, error, attempts },
    ...{ publishedAt: original.publishedAt, diedAt, bytes, ...(traceId !== undefined && { traceId }) },
    correlationId: envelope.correlationId,
  };
}

export function deathOf({ redrive, diedAt, reason, error, attempts }: Letter): Death {
  return { redrive, diedAt, reason, error, attempts };
}

/** `payload` is undefined if the body is not kept any more. */
export function readBody({ envelope }: Letter, { schema, type }: Contract, payload: Uint8Array | undefined): Body {
  if (payload === undefined) return { why: 'it was too large for the letter and is no longer in messaging.large_body' };
  try {
    if (envelope.type !== type) throw new AlpesError('unknown-type', `it is a ${envelope.type}, not a ${type}`);
    return { type, json: toJson(schema, decodeBody(schema, payload)) };
  } catch (thrown) {
    return { base64: Buffer.from(payload).toString('base64'), why: AlpesError.from(thrown).message };
  }
}
