import type { MessagingSettings } from '@alpes/messaging';
import type { ServiceSettings } from './config.js';

const DAY_MS = 24 * 3_600_000;

/** What the settings of a service say of its messaging. */
export function messagingSettingsOf(settings: ServiceSettings): MessagingSettings {
  return {
    ...{ batchSize: settings.BATCH_SIZE, maxAttempts: settings.MAX_ATTEMPTS },
    ...{ relayLeaseMs: settings.RELAY_LEASE_MS, relayPollMs: settings.RELAY_POLL_MS },
    transactionTimeoutMs: settings.TRANSACTION_TIMEOUT_MS,
    stalledAfterSeconds: settings.OUTBOX_STALLED_AFTER_SECONDS,
    retry: { firstMs: settings.RETRY_FIRST_MS, maxMs: settings.RETRY_MAX_MS },
    outage: { firstMs: 100, maxMs: settings.OUTAGE_MAX_MS },
    inboxRetentionMs: settings.INBOX_RETENTION_DAYS * DAY_MS,
    redriveHorizonMs: settings.REDRIVE_HORIZON_DAYS * DAY_MS,
    maxRedrives: settings.MAX_REDRIVES,
    cleanEveryMs: settings.CLEAN_EVERY_MS,
  };
}
