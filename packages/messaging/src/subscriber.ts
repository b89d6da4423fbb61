import type { AlpesError } from './errors.js';
import type { TransportMessage } from './publisher.js';

/** A message as a subscription receives it. */
export interface ReceivedMessage extends TransportMessage {
  readonly partition: number;
  /** Where the message is in its topic; means something to its transport only, and is the same at each delivery. */
  readonly position: string;
  readonly publishedAt: Date;
}

export interface SubscribeOptions {
  readonly topic: string;
  /** Subscriptions of different names each receive every message; consumers of one name share the partitions. */
  readonly subscription: string;
  /** `durable` remembers what was acknowledged; `ephemeral` sees all partitions and forgets when it is closed. */
  readonly mode: 'durable' | 'ephemeral';
  /** Where a subscription that does not exist yet begins; for one that exists it means nothing. */
  readonly from: 'earliest' | 'latest' | Date;
}

/**
 * One consumer of a subscription. Messages of one key come in the order in which they were published. A message that
 * was received and not acknowledged is received again, by whoever then has its partition, after this consumer was
 * closed or has died; until then it is not received again here. A message may be received more than once.
 */
export interface Subscription {
  /**
   * Waits up to `waitMs` for messages, at most `max` and no more than make a batch, see `BATCH_BYTES`; empty when none came
   * or the signal was aborted.
   */
  receive(max: number, waitMs: number, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
  /** Why a part of it can't be received from at present, though others may; absent where it is there or not as a whole. */
  failure?(): AlpesError | undefined;
  /** Forgets these messages for this subscription, in any order. Safe to repeat, also after the partition was lost. */
  acknowledge(messages: readonly ReceivedMessage[]): Promise<void>;
  /** Gives the partitions back at once. */
  close(): Promise<void>;
}

export interface Subscriber {
  /** Creates the subscription if it does not exist, and joins it. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
}
