import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerChoice } from '../../broker-choice.js';
import { databaseVariable } from '../../start/config.js';
import { databaseNames } from '../../start/system.js';
import { startSystem, type System } from '../../start/whole-system.js';
import { readState as readPulsarState } from '../../pulsar/state.js';
import { openBroker } from '../../torture/site/broker.js';
import { type Postgres, startPostgres } from '../../torture/site/postgres.js';

/** A whole system, and what is told by those on which it stands. */
export interface Site {
  readonly system: System;
  readonly postgres: Postgres;
  /** Where the messages travel: `embedded:…`, `ws://…` or `pulsar://…`. */
  readonly brokerUrl: string;
  /** With this environment the tools of the repository find databases and broker. */
  readonly env: NodeJS.ProcessEnv;
  /** The processes on which the system stands: `postgres`, and `pulsar` if it is ours. */
  serverPids(): Readonly<Record<string, number>>;
  /** The processes of the system, by name. */
  pids(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** PostgreSQL tells when each row was committed, and what each statement took. */
const TELLING = ["track_commit_timestamp = 'on'", "shared_preload_libraries = 'pg_stat_statements'"];

/** Starts all of it on new data, which is removed at the end. `env` is said to every process, `args` to `npm start`. */
export async function openSite(
  broker: BrokerChoice,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-bench-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(folder, 0o755);
  const closing: (() => Promise<unknown> | void)[] = [
    () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  ];
  const close = async (): Promise<void> => {
    for (const one of closing.splice(0).toReversed()) await one();
  };
  try {
    const postgres = await startTellingPostgres(join(folder, 'postgres'));
    closing.push(postgres.stop);
    const lead = async (_name: string, url: string): Promise<string> => url;
    const messages = await openBroker({ broker, folder, throwAway: false }, { lead }, postgres);
    closing.push(messages.stop);
    const databases = Object.fromEntries(databaseNames.map((name) => [databaseVariable(name), postgres.urls[name]]));
    const system = await startSystem({ asInProduction: true, args, env: { ...messages.env, ...databases, ...env } });
    closing.push(system.dispose);
    return {
      ...{ system, postgres, close, brokerUrl: messages.env['BROKER_URL'] ?? '' },
      env: { ...system.env, ...messages.env, ...databases },
      serverPids: () => ({
        postgres: postgres.serverPid(),
        ...(messages.pulsar !== undefined && { pulsar: readPulsarState(messages.pulsar.folder)?.pid ?? 0 }),
      }),
      pids: () => Object.fromEntries(system.state().processes.map(({ name, pid }) => [name, pid ?? 0])),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startTellingPostgres(folder: string): Promise<Postgres> {
  const before = await startPostgres(folder);
  for (const setting of TELLING) await before.ask(`ALTER SYSTEM SET ${setting}`);
  await before.stop();
  const postgres = await startPostgres(folder);
  await postgres.ask('CREATE EXTENSION pg_stat_statements');
  return postgres;
}
