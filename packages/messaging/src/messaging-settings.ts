import type { Backoff } from './backoff.js';

/** Times are in ms. */
export interface MessagingSettings {
  /** Most messages of one transaction, and of one publication of the relay. */
  readonly batchSize: number;
  /** Counted tries after which a message whose error is of an unknown kind is dead. */
  readonly maxAttempts: number;
  /** Delays between the tries of one message. */
  readonly retry: Backoff;
  /** Delays while the database or the broker is away. */
  readonly outage: Backoff;
  /** How long the right to relay outlives a replica that stands still. */
  readonly relayLeaseMs: number;
  /** How long a commit waits at most whose notification was lost. */
  readonly relayPollMs: number;
  readonly transactionTimeoutMs: number;
  /** Age of the oldest message in the outbox, in seconds, from which the service is not healthy. */
  readonly stalledAfterSeconds: number;
  /**
   * How long the inbox knows a message: longer than the broker may deliver it again, and than `redriveHorizonMs`, for a
   * dead letter whose inbox row is gone would be handled even if it was redriven before.
   */
  readonly inboxRetentionMs: number;
  /** For how long after its death a message may be redriven; later it has to be forced. */
  readonly redriveHorizonMs: number;
  /** How often a message may be redriven; more often it has to be forced, for its cause is not mended. */
  readonly maxRedrives: number;
  /** How often what is older than its retention is deleted. */
  readonly cleanEveryMs: number;
}

const DAY_MS = 24 * 3_600_000;

export const DEFAULT_MESSAGING_SETTINGS: MessagingSettings = {
  batchSize: 200,
  maxAttempts: 5,
  retry: { firstMs: 200, maxMs: 30_000 },
  outage: { firstMs: 100, maxMs: 5_000 },
  relayLeaseMs: 10_000,
  relayPollMs: 1_000,
  transactionTimeoutMs: 30_000,
  stalledAfterSeconds: 30,
  inboxRetentionMs: 30 * DAY_MS,
  redriveHorizonMs: 14 * DAY_MS,
  maxRedrives: 3,
  cleanEveryMs: 60_000,
};
