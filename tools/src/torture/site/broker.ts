import { join } from 'node:path';
import { environmentOf, newNamespace } from '../../pulsar/environment.js';
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
  {
    broker,
    folder,
    throwAway,
  }: { readonly broker: BrokerChoice; readonly folder: string; readonly throwAway: boolean },
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
  if (broker.kind === 'foreign') {
    // Of a Pulsar that is there the system has a namespace to itself.
    const { env, remove } = newNamespace('torture', { BROKER_URL: broker.url });
    return { env, straightEnv: env, pulsar: undefined, stop: remove };
  }
  needPulsar(process.env);
  const pulsar = await launchPulsar(join(folder, 'broker'), { idleMs: IDLE_MS, throwAway });
  const straightEnv = environmentOf(pulsar, broker.protocol);
  // The native client goes to where the broker says that it is: no proxy can stand between.
  if (broker.protocol === 'binary') return { env: straightEnv, straightEnv, pulsar, stop: pulsar.stop };
  const led = await network.lead('broker', pulsar.urls.websocket);
  const env = { ...straightEnv, BROKER_URL: led, PULSAR_ADMIN_URL: led.replace(/^ws/, 'http') };
  return { env, straightEnv, pulsar, stop: pulsar.stop };
}
