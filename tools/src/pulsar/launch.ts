import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type PulsarState, readState } from './state.js';

/** A running broker, in processes of their own that end when ours does. */
export interface RunningPulsar extends Pick<PulsarState, 'urls'> {
  /** The process that watches over the broker, and starts it again when it is killed. */
  readonly process: ChildProcess;
  /** Holds its data. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
  /** kill -9; resolves when it is dead. It is started again at once. */
  readonly kill: () => Promise<void>;
  /** Resolves when it takes messages, rejects if it does not come back. */
  readonly isBack: () => Promise<void>;
}

export interface LaunchOptions {
  /** 0, the default, takes any that is free. */
  readonly ports?: { readonly binary: number; readonly http: number };
  /** How long in ms a consumer that stands still keeps its partitions. */
  readonly idleMs?: number;
  /** Holds the key that tokens are signed with; without it everybody may do everything. */
  readonly tokenKeyFile?: string;
  /** For tests: `dataDir` is removed at its end. */
  readonly throwAway?: boolean;
}

/** How long in ms a broker may take to come back on a machine that has other things to do. */
const RETURN_MS = 600_000;

type Message = ({ readonly type: 'ready' } & PulsarState) | { readonly type: 'failed'; readonly message: string };

// The compiled one, also when this file runs from its source (in tests).
const program = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'pulsar', 'main.js');

/**
 * Starts a broker on the data in `dataDir`, or on none there.
 *
 * @throws Error with what is wrong when it does not start
 */
export async function launchPulsar(
  dataDir: string,
  { ports = { binary: 0, http: 0 }, idleMs, tokenKeyFile, throwAway = false }: LaunchOptions = {},
): Promise<RunningPulsar> {
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PULSAR_PORT: String(ports.binary),
    PULSAR_HTTP_PORT: String(ports.http),
    ...(idleMs !== undefined && { PULSAR_IDLE_MS: String(idleMs) }),
    ...(tokenKeyFile !== undefined && { PULSAR_TOKEN_KEY: tokenKeyFile }),
  };
  const child = fork(program, throwAway ? ['--throw-away'] : [], {
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { urls } = await ready(child);
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return ended;
  };
  const folder = join(dataDir, 'pulsar');
  return {
    ...{ urls, process: child, folder, stop },
    kill: async () => {
      const pid = readState(folder)?.pid;
      if (pid === undefined) throw new Error('the broker is not there');
      process.kill(pid, 'SIGKILL');
      await until(() => readState(folder)?.pid !== pid);
    },
    isBack: () => until(() => readState(folder) !== undefined),
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + RETURN_MS; !isSo(); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`Pulsar's keeper did nothing for ${RETURN_MS} ms`);
  }
}

function ready(child: ChildProcess): Promise<PulsarState> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`Pulsar's process ended (${signal ?? code})`)));
    child.on('message', (message: Message) => {
      if (message.type === 'ready') resolve(message);
      else reject(new Error(message.message));
    });
  });
}
