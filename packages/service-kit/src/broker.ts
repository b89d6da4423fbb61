import { readFileSync } from 'node:fs';
import { AlpesError, connectTransport, type PulsarSettings, type Transport } from '@alpes/messaging';
import type { z } from 'zod';
import type { brokerSettings } from './config.js';

const DAY_MS = 24 * 3_600_000;

/** The transport that the settings describe. */
export function connectBroker(settings: z.infer<typeof brokerSettings>): Transport {
  return connectTransport(settings.BROKER_URL, {
    partitions: settings.BROKER_PARTITIONS,
    leaseMs: settings.BROKER_LEASE_MS,
    pollMs: settings.BROKER_POLL_MS,
    retentionMs: settings.LOG_RETENTION_DAYS === 0 ? Infinity : settings.LOG_RETENTION_DAYS * DAY_MS,
    pulsar: pulsarSettings(settings),
  });
}

/** Throws `configuration` if the file with the authorities can't be read. */
function pulsarSettings(settings: z.infer<typeof brokerSettings>): PulsarSettings {
  return {
    tenant: settings.PULSAR_TENANT,
    namespace: settings.PULSAR_NAMESPACE,
    adminUrl: settings.PULSAR_ADMIN_URL,
    token: settings.BROKER_TOKEN,
    tlsCa: settings.BROKER_TLS_CA === undefined ? undefined : readAuthorities(settings.BROKER_TLS_CA),
  };
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AlpesError('configuration', `BROKER_TLS_CA: ${String(error)}`, { cause: error });
  }
}
