import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, newNamespace } from '../../pulsar/environment.js';
import { launchPulsar } from '../../pulsar/launch.js';
import { needJava } from '../../pulsar/needs.js';
import type { Protocol } from '../../broker-choice.js';
import { PULSAR, STALL_MS } from '../timing.js';
import { type Brokers, connect } from './brokers.js';

/** For each run a namespace of the Pulsar that the environment describes. */
function namespaces(
  pulsar: Readonly<Record<string, string>>,
  idleMs: number,
  stall: keyof typeof STALL_MS,
): Pick<Brokers, 'open' | 'stallMs'> {
  return {
    open: async (declared) => {
      const namespace = newNamespace('crash-matrix', pulsar);
      const { env, transport } = await connect(namespace.env, declared);
      return {
        ...{ env, transport },
        close: async () => {
          await transport.close();
          await namespace.remove();
        },
      };
    },
    stallMs: (action) => STALL_MS[stall] * PULSAR.slowness + (action === 'freeze' ? 2 * idleMs : 0),
  };
}

/** A Pulsar that is there, to which token and authorities are as for any process. */
export function foreignPulsar(url: string, stall: keyof typeof STALL_MS): Brokers {
  return { ...namespaces({ BROKER_URL: url }, PULSAR.foreignIdleMs, stall), close: async () => {} };
}

/** A Pulsar that is started, and may be killed. */
export async function ownPulsar(protocol: Protocol, stall: keyof typeof STALL_MS): Promise<Brokers> {
  needJava(process.env);
  const folder = mkdtempSync(join(tmpdir(), 'alpes-crash-matrix-pulsar-'));
  const pulsar = await launchPulsar(folder, { idleMs: PULSAR.idleMs, throwAway: true });
  const { kill, isBack, stop } = pulsar;
  const env = environmentOf(pulsar, protocol);
  return { ...namespaces(env, PULSAR.idleMs, stall), mortal: { kill, isBack }, close: stop };
}
