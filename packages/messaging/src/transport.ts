import type { Inspector } from './inspector.js';
import type { Publisher } from './publisher.js';
import type { SchemaRegistry } from './schema-registry.js';
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
  /**
   * Creates what is missing. Rejects with `configuration`, and changes nothing, if a topic exists with another number of
   * partitions.
   */
  declare(topology: Topology): Promise<void>;
  /**
   * Deletes up to `limit` messages whose time is over; returns how many. Absent where messages stay for ever, or the
   * broker itself deletes them.
   */
  readonly clean?: (limit: number) => Promise<number>;
  /** Absent where the broker has none. */
  readonly schemas?: SchemaRegistry;
  /** Resolves when the broker answers and has these topics, else rejects with `unavailable`, which names the missing. */
  check(topics?: readonly string[]): Promise<void>;
  /**
   * Closes every subscription and connection. What is under way then, and what comes, fails with `unavailable`; a broker
   * that does not answer is not waited for.
   */
  close(): Promise<void>;
}
