import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@alpes/messaging/testing';
import { identity, serverAccount } from '../postgres/account.js';
import { findBinaries } from '../postgres/binaries.js';
import { ensureDatabases } from '../postgres/databases.js';
import { freePort } from '../postgres/ports.js';
import { runAs } from '../postgres/run-as.js';

const account = serverAccount();
/** The oldest that we run on, where Debian puts it. */
const DEBIAN = { initdb: '/usr/lib/postgresql/15/bin/initdb', postgres: '/usr/lib/postgresql/15/bin/postgres' };

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** The servers that are on this machine, each with the version that it tells. */
export const SERVERS = [findBinaries(account), ...(existsSync(DEBIAN.postgres) ? [DEBIAN] : [])].map(
  ({ initdb, postgres }) => ({
    ...{ initdb, postgres, version: execFileSync(postgres, ['--version'], { encoding: 'utf8' }).trim() },
  }),
);

/** A PostgreSQL that somebody else runs, as its administrator would set it up. */
export interface GivenServer {
  /** Makes databases, each with an owner, and returns the URLs of these. */
  databases<Name extends string>(names: readonly Name[]): Promise<Record<Name, string>>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts one that is otherwise as it is out of the box. */
export async function startServer({ initdb, postgres }: Programs): Promise<GivenServer> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-given-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (account !== undefined) chownSync(data, account.uid, account.gid);
  await runAs(account, initdb, ['-D', data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C']);
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-c', 'unix_socket_directories=', '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(postgres, args, { cwd: '/', stdio: 'ignore', ...identity(account) });
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  return {
    databases: (names) =>
      eventually(() => ensureDatabases(url, names, join(folder, 'passwords.json')), { timeoutMs: 30_000 }),
    stop: async () => {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGQUIT');
  });
}
