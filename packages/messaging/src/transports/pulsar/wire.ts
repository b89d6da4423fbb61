import type { DurableLane, Lane } from './intake.js';
import type { Link } from './link.js';
import type { MessageId } from './message-id.js';

/** How messages travel to Pulsar and from it: what its two protocols do each in its own way. */
export interface Wire {
  /** Of the broker, for what people are told. */
  readonly url: string;
  /** Rejects if messages can't travel, where that is to be known beside what the admin API says. */
  check(): Promise<void>;
  /**
   * A producer that has Murmur3 route keys to partitions, as all our transports do. Each message is an entry of its own,
   * not one of a batch, so that what the broker counts and is told are messages.
   */
  openLink(topic: string, signal: AbortSignal): Promise<Link>;
  /** A consumer of type Failover. */
  join(options: JoinOptions): Promise<DurableLane>;
  /** A reader, which leaves no trace at the broker. */
  read(options: ReadOptions): Promise<Lane>;
  /** Ends all of them that are open. */
  close(): Promise<void>;
}

interface PartitionOptions {
  readonly topic: string;
  readonly partition: number;
  /** Ends the opening of it, which then rejects with `unavailable`. */
  readonly signal: AbortSignal;
  /** Called when a message has arrived. */
  onArrival(): void;
}

export interface JoinOptions extends PartitionOptions {
  readonly subscription: string;
  readonly consumer: string;
}

export interface ReadOptions extends PartitionOptions {
  readonly after: After;
  /** The ledger to which the messages of the partition are written at present. */
  currentLedger(): Promise<bigint>;
}

/** Where a reader begins: behind a message, or at the very first. */
export type After = MessageId | 'earliest';
