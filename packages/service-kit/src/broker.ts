import { readFileSync } from 'node:fs';
import {
  AlpesError,
  type Backoff,
  connectTransport,
  type Logger,
  outageLog,
  pause,
  type PulsarSettings,
  type Transport,
  untilAvailable,
} from '@alpes/messaging';
import type { BrokerSettings } from './config.js';

const DAY_MS = 24 * 3_600_000;

/** The transport that the settings describe. */
export function connectBroker(settings: BrokerSettings): Transport {
  return connectTransport(settings.BROKER_URL, {
    partitions: settings.BROKER_PARTITIONS,
    leaseMs: settings.BROKER_LEASE_MS,
    pollMs: settings.BROKER_POLL_MS,
    retentionMs: settings.LOG_RETENTION_DAYS === 0 ? Infinity : settings.LOG_RETENTION_DAYS * DAY_MS,
    pulsar: pulsarSettings(settings),
  });
}

/** What the settings say of Pulsar; throws `configuration` if the file with the authorities can't be read. */
export function pulsarSettings(settings: BrokerSettings): PulsarSettings {
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

/** How a process looks for a broker and topics that are not there; also the time between two looks at those that are. */
const LOOKING: Backoff = { firstMs: 200, maxMs: 5_000 };

/** What a process needs of its broker: that it answers, and has the topics. */
export interface BrokerWatch {
  /** Rejects with `unavailable` while it is not so. */
  readonly check: () => Promise<void>;
  /** Says no more. */
  readonly stop: () => void;
}

/** Looks at once, and then now and then, and says in one line if something is missing, and in one that all is there. Nobody waits for it. */
export function watchBroker(transport: Transport, topics: readonly string[], logger: Logger): BrokerWatch {
  const stopping = new AbortController();
  const check = () => transport.check(topics);
  const watch = async (): Promise<void> => {
    const { signal } = stopping;
    const note = outageLog('the broker', logger);
    while (!signal.aborted) {
      await untilAvailable(check, { backoff: LOOKING, signal, note });
      await pause(LOOKING.maxMs, signal);
    }
  };
  watch().catch((err: unknown) => logger.error({ err }, 'the broker can not be asked'));
  return { check, stop: () => stopping.abort() };
}
