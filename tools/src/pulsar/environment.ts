import { removeNamespace } from '@alpes/messaging';
import { brokerSettings, pulsarSettings, readConfig } from '@alpes/service-kit';
import { randomBytes } from 'node:crypto';
import type { Protocol } from '../broker-choice.js';
import type { PulsarState } from './state.js';

/** With it a process uses this broker. What our own environment says of another is not meant. */
export function environmentOf({ urls }: Pick<PulsarState, 'urls'>, protocol: Protocol): Record<string, string> {
  return { BROKER_URL: urls[protocol], PULSAR_ADMIN_URL: urls.admin, BROKER_TOKEN: '', BROKER_TLS_CA: '' };
}

/** A namespace of the Pulsar that an environment describes. */
export interface Namespace {
  /** That environment, with the namespace. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/** One that nobody else has; token and authorities are as for any process, unless `pulsar` has them. */
export function newNamespace(prefix: string, pulsar: Readonly<Record<string, string>>): Namespace {
  const env = { ...pulsar, PULSAR_NAMESPACE: `${prefix}-${randomBytes(6).toString('hex')}` };
  const settings = readConfig(brokerSettings, { ...process.env, ...env });
  return { env, remove: () => removeNamespace(settings.BROKER_URL, pulsarSettings(settings)) };
}
