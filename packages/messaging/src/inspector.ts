import type { ReceivedMessage } from './subscriber.js';

/** What is kept of a partition. */
export interface Extent {
  /** Position of its last message; undefined if there is none. */
  readonly end: string | undefined;
  /** Why its first messages are gone, or may be; undefined if it has all that were ever published to it. */
  readonly cut: string | undefined;
}

export interface BrowseOptions {
  readonly after?: string;
  readonly limit: number;
  readonly bytes?: number;
}

/** Looks at topics without consuming from them. */
export interface Inspector {
  partitions(topic: string): Promise<number>;
  /** How many messages were ever published to each partition, by its number. */
  endPositions(topic: string): Promise<readonly bigint[]>;
  /** What is kept of each partition at this moment, by its number. */
  extents(topic: string): Promise<readonly Extent[]>;
  /**
   * Whether the subscription has acknowledged, of each partition by its number, all up to this position and with it. Of
   * nothing it has acknowledged all; a subscription that does not exist has acknowledged nothing.
   */
  hasAcknowledged(
    topic: string,
    subscription: string,
    ends: readonly (string | undefined)[],
  ): Promise<readonly boolean[]>;
  /** How many messages the subscription has not acknowledged. */
  backlog(topic: string, subscription: string): Promise<number>;
  /** How many partitions no living consumer of the subscription has: all of them if the subscription does not exist. */
  unattended(topic: string, subscription: string): Promise<number>;
  /**
   * Up to `limit` messages behind the position `after`, oldest first within each partition, partition by partition; with
   * `bytes` only until their payloads have so many. None only where there are none.
   */
  browse(topic: string, options: BrowseOptions): Promise<readonly ReceivedMessage[]>;
}
