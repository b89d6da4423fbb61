import type { ReceivedMessage } from './subscriber.js';

/** Looks at topics without consuming from them. */
export interface Inspector {
  partitions(topic: string): Promise<number>;
  /** How many messages were ever published to each partition, by its number. */
  endPositions(topic: string): Promise<readonly bigint[]>;
  /** How many messages the subscription has not acknowledged. */
  backlog(topic: string, subscription: string): Promise<number>;
  /** Up to `limit` messages behind the position `after`, oldest first within each partition, partition by partition. */
  browse(topic: string, options: { after?: string; limit: number }): Promise<readonly ReceivedMessage[]>;
}
