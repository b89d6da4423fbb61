import { catalogue } from '@alpes/contracts';
import { connectBroker, brokerSettings, readConfig } from '@alpes/service-kit';
import { cpuOf } from '../cpu.js';
import { queryOnce } from '../../postgres/with-client.js';
import { residentMemory } from '../../soak/memory.js';
import type { Site } from './site.js';

/** What a system has used since it was started. */
export interface Usage {
  /** Seconds of CPU by process; that of PostgreSQL with all that it started. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Statements that PostgreSQL has run. */
  readonly statements: number;
  /** Transactions that it has committed. */
  readonly commits: number;
  /** Messages on all topics. */
  readonly messages: number;
}

const COUNTS = `
  SELECT (SELECT sum(calls)::float8 FROM pg_stat_statements) AS statements,
         (SELECT sum(xact_commit)::float8 FROM pg_stat_database) AS commits`;

export async function readUsage(site: Site): Promise<Usage> {
  const cpu = cpuOf({ ...site.serverPids(), ...site.pids() });
  return { cpu, ...(await countStatements(site)), messages: await countMessages(site) };
}

/** Resident memory of the processes of the system, in bytes. */
export function readMemory(site: Site): Record<string, number> {
  return Object.fromEntries(Object.entries(site.pids()).map(([name, pid]) => [name, residentMemory(pid) ?? 0]));
}

async function countStatements({ postgres }: Site): Promise<{ statements: number; commits: number }> {
  const [counts] = await queryOnce<{ statements: number; commits: number }>(postgres.serverUrl, COUNTS);
  return counts ?? { statements: 0, commits: 0 };
}

async function countMessages({ env }: Site): Promise<number> {
  const broker = connectBroker(readConfig(brokerSettings, env));
  try {
    const ends = await Promise.all(catalogue.contracts.map(({ topic }) => broker.endPositions(topic)));
    return Number(ends.flat().reduce((sum, end) => sum + end, 0n));
  } finally {
    await broker.close();
  }
}
