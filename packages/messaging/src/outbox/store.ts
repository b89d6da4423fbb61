import type { TransportMessage } from '../publisher.js';

/** A message that waits in the outbox. */
export interface OutboxRow {
  /** A whole number, larger than that of any row appended before. */
  readonly id: string;
  readonly message: TransportMessage;
}

/** How much waits, and since when. */
export interface OutboxStats {
  /** A store may stop counting at some large number. */
  readonly pending: number;
  /** Age of the oldest row in seconds; 0 when nothing waits. */
  readonly oldestAgeSeconds: number;
}

/** Keeps messages, beside the rows that they speak of, until a relay has published them. */
export interface OutboxStore<Tx> {
  /** Adds messages in the caller's transaction, in their order: they wait if it commits, and never were if it does not. */
  append(tx: Tx, messages: readonly TransportMessage[]): Promise<void>;
  /**
   * The oldest committed rows that make a batch, `limit` at most, in the order of their ids; none of the topics in `except`. With `after`, an id, those up to
   * it may be left out, for the sake of speed, but never one that has a later row of its topic and key in the result.
   */
  peek(limit: number, except?: readonly string[], after?: string): Promise<readonly OutboxRow[]>;
  /** Forgets rows, in any order; those that are gone already are no error. */
  remove(ids: readonly string[]): Promise<void>;
  /**
   * Takes or renews the right to relay for `leaseMs`, by the store's clock. False while another owner has it: one that
   * died, or stands still, loses it by time.
   */
  acquireLease(owner: string, leaseMs: number): Promise<boolean>;
  /** Gives the right back, if it is this owner's, for another to take at once. */
  releaseLease(owner: string): Promise<void>;
  stats(): Promise<OutboxStats>;
}
