import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { type Contract, decodeBody } from '../catalogue.js';
import type { Envelope } from '../envelope.js';
import { AlpesError } from '../errors.js';
import { assertPublishable } from '../size-limit.js';
import type { ReceivedMessage } from '../subscriber.js';

/** A message with what its subscription made of it. */
export interface Incoming<T> {
  readonly envelope: Envelope;
  readonly value: T;
}

/** A received message of which only the envelope was read: nothing in that can fail. */
export interface Arrival {
  readonly received: ReceivedMessage;
  readonly envelope: Envelope;
}

/** A received message on its way through a handler. */
export interface Delivery<T = unknown> extends Arrival, Incoming<T> {}

/** What a service does with one type of message. */
export interface SubscriptionDefinition<Tx, T = unknown> {
  readonly schema: DescMessage;
  /** Makes of a decoded body what the handler works with. Whatever it throws makes the message dead at once. */
  readonly parse: (body: never, envelope: Envelope) => T;
  /**
   * Works on many messages in one transaction; they are distinct, new to this subscription, and in order per key. What
   * it throws rolls all of it back, and each message is then tried alone.
   */
  readonly handle: (messages: readonly Incoming<T>[], tx: Tx) => Promise<void>;
  /** Called after each transaction of this subscription has committed; it may have had nothing new to handle. */
  readonly committed?: () => void;
}

/** Defines a subscription; the types of `parse` and `handle` follow from the schema. */
export function on<Tx, Desc extends DescMessage, T>(
  schema: Desc,
  definition: {
    readonly parse: (body: MessageShape<Desc>, envelope: Envelope) => T;
    readonly handle: (messages: readonly Incoming<T>[], tx: Tx) => Promise<void>;
    readonly committed?: () => void;
  },
): SubscriptionDefinition<Tx> {
  return { schema, ...definition } as unknown as SubscriptionDefinition<Tx>;
}

/**
 * Reads a received message; throws a permanent error if it is not what its topic carries, is larger than any message may
 * be, or `parse` refuses it. A body can end the process that reads it, so this is done only with messages that are noted
 * or counted.
 */
export function open<T>(
  { received, envelope }: Arrival,
  contract: Contract,
  parse: (body: never, envelope: Envelope) => T,
): Delivery<T> {
  if (envelope.type !== contract.type) {
    throw new AlpesError('unknown-type', `${received.topic} carries ${contract.type}, not ${envelope.type}`);
  }
  assertPublishable(received);
  const body = decodeBody(contract.schema, received.payload);
  try {
    return { received, envelope, value: parse(body as never, envelope) };
  } catch (thrown) {
    if (thrown instanceof AlpesError && thrown.nature === 'permanent') throw thrown;
    throw new AlpesError('rule-broken', AlpesError.from(thrown).message, { cause: thrown });
  }
}
