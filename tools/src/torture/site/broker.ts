import { removeNamespace } from '@alpes/messaging';
import { brokerSettings, pulsarSettings, readConfig } from '@alpes/service-kit';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { launchPulsar, type RunningPulsar } from '../../pulsar/launch.js';
import { needPulsar } from '../../pulsar/distribution.js';
import type { BrokerChoice } from '../../broker-choice.js';
import type { Network } from './network.js';
import type { Postgres } from './postgres.js';

/** After about this time in ms a consumer that stands still loses its partitions. */
const IDLE_MS = 10_000;

/** What the messages travel through. */
export interface Broker {
  /** The environment of the processes that use it, by the ways of the network. */
  readonly env: Readonly<Record<string, string>>;
  /** Of who is not tortured. */
  readonly straightEnv: Readonly<Record<string, string>>;
  /** What is ours to kill, where it is not the log in PostgreSQL. */
  readonly pulsar: RunningPulsar | undefined;
  /** Ends what was started for it. */
  stop(): Promise<void>;
}

/** Starts it, or finds it. */
export async function openBroker(
  { broker, folder }: { readonly broker: BrokerChoice; readonly folder: string },
  network: Pick<Network, 'lead'>,
  postgres: Postgres,
): Promise<Broker> {
  if (broker.kind === 'embedded') {
    const url = postgres.urls.broker;
    return {
      env: { BROKER_URL: `embedded:${await network.lead('broker', url)}` },
      straightEnv: { BROKER_URL: `embedded:${url}` },
      pulsar: undefined,
      stop: async () => {},
    };
  }
  if (broker.kind === 'foreign') return foreignBroker(broker.url);
  needPulsar(process.env);
  const pulsar = await launchPulsar(join(folder, 'broker'), { idleMs: IDLE_MS, throwAway: true });
  // What the environment says of another is not meant.
  const none = { BROKER_TOKEN: '', BROKER_TLS_CA: '' };
  const { websocket, binary, admin } = pulsar.urls;
  const straight = broker.protocol === 'websocket' ? websocket : binary;
  const straightEnv = { ...none, BROKER_URL: straight, PULSAR_ADMIN_URL: admin };
  // The native client goes to where the broker says that it is: no proxy can stand between.
  if (broker.protocol === 'binary') return { env: straightEnv, straightEnv, pulsar, stop: pulsar.stop };
  const led = await network.lead('broker', websocket);
  const env = { ...none, BROKER_URL: led, PULSAR_ADMIN_URL: led.replace(/^ws/, 'http') };
  return { env, straightEnv, pulsar, stop: pulsar.stop };
}

/** A Pulsar that is there, of which the system has a namespace to itself. */
function foreignBroker(url: string): Broker {
  const env = { BROKER_URL: url, PULSAR_NAMESPACE: `torture-${randomBytes(6).toString('hex')}` };
  const settings = readConfig(brokerSettings, { ...process.env, ...env });
  return {
    ...{ env, straightEnv: env, pulsar: undefined },
    stop: () => removeNamespace(settings.BROKER_URL, pulsarSettings(settings)),
  };
}
