import type { Topology, Transport } from '@alpes/messaging';
import { brokerSettings, connectBroker, readConfig } from '@alpes/service-kit';
import type { Action } from '../scenario.js';
import { LEASE_MS, POLL_MS } from '../timing.js';

/** What the messages of a run travel through: topics of its own. */
export interface Broker {
  /** With this environment a process uses it. */
  readonly env: Readonly<Record<string, string>>;
  readonly transport: Transport;
  /** Removes it all. */
  close(): Promise<void>;
}

/** What must be there before a run. */
export interface Declared {
  readonly topology: Topology;
  readonly partitions: number;
}

/** Where runs get theirs. */
export interface Brokers {
  /** Makes one. */
  open(declared: Declared): Promise<Broker>;
  /** How long in ms a run may stand still before it counts as one that does not settle. */
  stallMs(action: Action): number;
  /** Absent where it is not ours to kill. */
  readonly mortal?: Mortal;
  close(): Promise<void>;
}

/** A broker that may be killed. All runs use the same. */
export interface Mortal {
  /** kill -9; resolves when it is dead. It is started again at once. */
  kill(): Promise<void>;
  /** Resolves when it takes messages again. */
  isBack(): Promise<void>;
}

/** Connects to a broker and makes the topics. */
export async function connect(
  brokerEnv: Readonly<Record<string, string>>,
  { topology, partitions }: Declared,
): Promise<Pick<Broker, 'env' | 'transport'>> {
  const times = { BROKER_LEASE_MS: String(LEASE_MS), BROKER_POLL_MS: String(POLL_MS) };
  // The judge wants to see all that was ever published.
  const env = { ...brokerEnv, ...times, BROKER_PARTITIONS: String(partitions), LOG_RETENTION_DAYS: '0' };
  const transport = connectBroker(readConfig(brokerSettings, { ...process.env, ...env }));
  await transport.declare(topology);
  return { env, transport };
}

/** Kills the broker while the victim stands still. More work comes while it is away. */
export async function killBroker({ mortal }: Brokers, thaw: () => void, work: () => Promise<void>): Promise<void> {
  if (mortal === undefined) throw new Error('this broker is not ours to kill');
  await mortal.kill();
  thaw();
  await work();
  await mortal.isBack();
}
