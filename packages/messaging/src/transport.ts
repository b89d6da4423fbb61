import type { Inspector } from './inspector.js';
import type { Publisher } from './publisher.js';
import type { Subscriber } from './subscriber.js';

/** The topics that a system needs and the durable subscriptions of each, which begin at the earliest message. */
export type Topology = readonly {
  readonly topic: string;
  readonly subscriptions: readonly string[];
  /** Number of partitions; without it the transport's own default. */
  readonly partitions?: number;
}[];

/** A connection to a broker. */
export interface Transport extends Publisher, Subscriber, Inspector {
  /** Creates what is missing. Rejects with `configuration` if a topic exists with another number of partitions. */
  declare(topology: Topology): Promise<void>;
  /**
   * Deletes up to `limit` messages whose time is over; returns how many. Absent where messages stay for ever, or the
   * broker itself deletes them.
   */
  readonly clean?: (limit: number) => Promise<number>;
  /** Resolves when the broker answers, else rejects with `unavailable`. */
  check(): Promise<void>;
  /** Closes every subscription and connection. */
  close(): Promise<void>;
}
