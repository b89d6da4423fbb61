import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { identity } from './account.js';
import { freePort, isFree } from './ports.js';
import type { Place } from './place.js';
import { runAs } from './run-as.js';

/** Settings of the server. A throw-away cluster is for tests: it writes nothing through to the disk. */
export interface ClusterSettings {
  readonly throwAway: boolean;
}

/** How PostgreSQL is asked to stop: when its clients have gone, at once with a clean end, at once without one. */
export type StopMode = 'smart' | 'fast' | 'immediate';

/**
 * Makes the cluster ready to be served: stops a server that a killed process left behind, makes the data folder if
 * there is none.
 *
 * @returns what was done that somebody may want to know
 */
export async function ensureCluster(place: Place, settings: ClusterSettings): Promise<readonly string[]> {
  const notes = place.note === undefined ? [] : [place.note];
  if (await stopOrphan(place)) notes.push('stopped the PostgreSQL of an earlier run that had been killed');
  dropForgottenData(place);
  if (!existsSync(place.data)) await initialise(place, settings);
  return notes;
}

/** The URL with which the superuser connects to a running cluster. */
export function superuserUrl(place: Place, port: number): string {
  return `postgresql://postgres:${readFileSync(place.passwordFile, 'utf8')}@127.0.0.1:${port}/postgres`;
}

async function initialise(place: Place, settings: ClusterSettings): Promise<void> {
  if (!existsSync(place.passwordFile))
    writeFileSync(place.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  // Under another name until it is complete: a data folder that is there is a whole one.
  const unfinished = join(place.parent, 'data.new');
  const secret = join(place.parent, 'initdb-password');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  rmSync(secret, { force: true });
  writeFileSync(secret, readFileSync(place.passwordFile), { mode: 0o600 });
  const { account } = place;
  if (account !== undefined) for (const path of [unfinished, secret]) chownSync(path, account.uid, account.gid);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const options = [
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${secret}`,
    ...(settings.throwAway ? ['--no-sync'] : []),
  ];
  try {
    await runAs(account, place.binaries.initdb, ['-D', unfinished, ...locale, ...options]);
  } finally {
    rmSync(secret, { force: true });
  }
  renameSync(unfinished, place.data);
}

/** Data whose password is gone can't be used. Where it was put aside, its owner has removed the folder that it belonged to. */
function dropForgottenData(place: Place): void {
  if (!existsSync(place.data) || existsSync(place.passwordFile)) return;
  if (!place.moved)
    throw new Error(
      `${place.passwordFile} is missing: restore it, or remove ${place.data}, which nobody can read without it`,
    );
  rmSync(place.data, { recursive: true, force: true });
}

/** Starts PostgreSQL as our child. It accepts connections once `isReady`. */
export function spawnServer(place: Place, port: number, settings: ClusterSettings): ChildProcess {
  const log = openLog(place.logFile);
  const parameters = Object.entries(serverParameters(settings)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['-D', place.data, '-p', String(port), ...parameters];
  const child = spawn(place.binaries.postgres, args, {
    cwd: '/',
    stdio: ['ignore', log, log],
    ...identity(place.account),
  });
  closeSync(log);
  return child;
}

/** The port that the cluster had last, unless somebody else took it since, or the system keeps it for itself. */
export async function choosePort(place: Place): Promise<number> {
  const last = existsSync(place.portFile) ? Number(readFileSync(place.portFile, 'utf8')) : 0;
  if (last > 0 && (await isFree(last).catch(() => false))) return last;
  const port = await freePort();
  writeFileSync(place.portFile, String(port));
  return port;
}

function serverParameters({ throwAway }: ClusterSettings): Record<string, string> {
  const common = {
    listen_addresses: '127.0.0.1',
    // Nobody connects through a socket file, and its path would have a limit of about 100 characters.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    // No replicas: fewer bytes for each commit.
    wal_level: 'minimal',
    max_wal_senders: '0',
    log_checkpoints: 'off',
    // No errors, which quote rows and are told by who meets them; and no statements: one that sets a password has it in it.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
  };
  return throwAway ? { ...common, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : common;
}

const megabyte = 1024 * 1024;

function openLog(path: string): number {
  const full = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 10 * megabyte;
  return openSync(path, full ? 'w' : 'a', 0o600);
}

/** What PostgreSQL itself writes down about its running server. */
export function serverStatus(place: Place): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(place.data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Math.abs(Number(lines[0]));
    return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the server of this data folder to stop and waits for it. */
export async function stopServer(place: Place, mode: StopMode, seconds: number): Promise<boolean> {
  const args = ['-D', place.data, '-m', mode, '-w', '-t', String(seconds), 'stop'];
  return runAs(place.account, place.binaries.pgCtl, args).then(
    () => true,
    () => serverStatus(place) === undefined,
  );
}

async function stopOrphan(place: Place): Promise<boolean> {
  const status = serverStatus(place);
  if (status === undefined) return false;
  if (isServer(status.pid, place)) {
    if (!(await stopServer(place, 'fast', 30)) && !(await stopServer(place, 'immediate', 10))) {
      throw new Error(`the PostgreSQL of an earlier run, process ${status.pid}, does not stop: see ${place.logFile}`);
    }
    return true;
  }
  // The machine was restarted, and another process has the number now: PostgreSQL would take it for its predecessor.
  rmSync(join(place.data, 'postmaster.pid'), { force: true });
  return false;
}

function isServer(pid: number, place: Place): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').split('\0').includes(place.data);
}
