import type { Arguments } from '../arguments.js';
import type { Databases } from '../databases.js';
import type { Brokers } from './brokers.js';
import { embeddedBrokers } from './embedded.js';
import { foreignPulsar, ownPulsar } from './pulsar.js';

/** Opens what the command line names. */
export async function openBrokers({ broker, control }: Arguments, databases: Databases): Promise<Brokers> {
  const stall = control === undefined ? 'proof' : 'control';
  if (broker.kind === 'own') return ownPulsar(broker.protocol, stall);
  return broker.kind === 'foreign' ? foreignPulsar(broker.url, stall) : embeddedBrokers(databases, stall);
}
