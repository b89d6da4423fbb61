import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { brokerConf, type BrokerConfOptions } from './broker-conf.js';
import { javaEnvironment } from './java-environment.js';

/** What a broker is started with. */
export interface BrokerSetup extends BrokerConfOptions {
  /** Of the distribution. */
  readonly home: string;
  /** Holds the data. */
  readonly folder: string;
  readonly javaOptions: string;
}

/** How long in ms a broker may take to stop in good order. */
const STOP_MS = 30_000;

export const logFileOf = (folder: string): string => join(folder, 'logs', 'broker.log');
const pidFileOf = (folder: string): string => join(folder, 'broker.pid');

/** Starts a broker as our child; it is of use once messages go through it. */
export function spawnBroker(setup: BrokerSetup): ChildProcess {
  const { home, folder, ports, javaOptions } = setup;
  const conf = join(folder, 'conf');
  for (const path of [conf, join(folder, 'logs')]) mkdirSync(path, { recursive: true });
  const confFile = join(conf, 'standalone.conf');
  writeFileSync(confFile, brokerConf(readFileSync(join(home, 'conf', 'standalone.conf'), 'utf8'), setup));
  const log = openLog(logFileOf(folder));
  const args = [
    // Neither functions nor stream storage.
    ...['standalone', '-nfw', '-nss'],
    ...['--bookkeeper-dir', join(folder, 'bookkeeper'), '--bookkeeper-port', String(ports.bookie)],
    ...['--zookeeper-dir', join(folder, 'zookeeper'), '--zookeeper-port', String(ports.zooKeeper)],
  ];
  const child = spawn(join(home, 'bin', 'pulsar'), args, {
    // Of its own group: a terminal's Ctrl-C is for us, who then stop it.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...javaEnvironment(folder, javaOptions),
      PULSAR_STANDALONE_CONF: confFile,
      // With the default, RocksDB, a broker that was killed soon after its start may come back unable to store anything.
      PULSAR_STANDALONE_USE_ZOOKEEPER: '1',
    },
  });
  closeSync(log);
  if (child.pid !== undefined) writeFileSync(pidFileOf(folder), String(child.pid));
  return child;
}

const MEGABYTE = 1024 * 1024;

function openLog(path: string): number {
  const isFull = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 10 * MEGABYTE;
  return openSync(path, isFull ? 'w' : 'a', 0o600);
}

/** Stops the broker that a killed process left behind; true if there was one. */
export async function stopOrphan(folder: string): Promise<boolean> {
  const file = pidFileOf(folder);
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const isThere = pid > 0 && isBroker(pid, folder);
  if (isThere) await stopBroker(pid, () => !isBroker(pid, folder));
  rmSync(file, { force: true });
  return isThere;
}

/** Asks it to stop, and kills it if it does not in time. */
export async function stopBroker(pid: number, hasEnded: () => boolean): Promise<void> {
  signal(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_MS;
  while (!hasEnded()) {
    if (Date.now() > deadline) signal(pid, 'SIGKILL');
    await wait(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}

/** The number in the file may have become another program's. */
const isBroker = (pid: number, folder: string): boolean =>
  commandLineOf(pid).includes(` --bookkeeper-dir ${join(folder, 'bookkeeper')} `);

/** How a process was started; empty once it has ended. */
function commandLineOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  } catch {
    return '';
  }
}
