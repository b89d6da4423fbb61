import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDatabases } from '../../postgres/databases.js';
import { launchCluster } from '../../postgres/launch.js';
import { queryOnce } from '../../postgres/with-client.js';
import { type DatabaseName, databaseNames, databaseOf } from '../../start/system.js';

/** The log, where the broker is one in PostgreSQL, has a database too. */
export type AnyDatabase = DatabaseName | 'broker';

/** A PostgreSQL with a database for each service, as an administrator has it. */
export interface Postgres {
  /** Of its owner, by the straight way. */
  readonly urls: Readonly<Record<AnyDatabase, string>>;
  /** Of the superuser. */
  adminUrl(name: AnyDatabase): string;
  /** Of the superuser, to the server itself. */
  readonly serverUrl: string;
  /** The process of the server. Who ends it has it started again at once. */
  serverPid(): number;
  /** Asks the server itself something, by a connection of its own. */
  ask(sql: string, values?: readonly unknown[]): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one that writes to the disk as it does in production, with its data in `folder`. */
export async function startPostgres(folder: string): Promise<Postgres> {
  mkdirSync(folder, { recursive: true });
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(folder, 0o755);
  const cluster = await launchCluster(folder);
  const names: readonly AnyDatabase[] = [...databaseNames, 'broker'];
  const made = await ensureDatabases(cluster.url, names.map(databaseOf), join(folder, 'passwords.json'));
  const urls = Object.fromEntries(names.map((name) => [name, made[databaseOf(name)] ?? '']));
  const adminUrl = (name: AnyDatabase): string => {
    const url = new URL(cluster.url);
    url.pathname = `/${databaseOf(name)}`;
    return url.href;
  };
  return {
    ...{ urls: urls as Record<AnyDatabase, string>, adminUrl, serverUrl: cluster.url },
    ...{ serverPid: cluster.serverPid, stop: cluster.stop },
    ask: async (sql, values) => void (await queryOnce(cluster.url, sql, values)),
  };
}
