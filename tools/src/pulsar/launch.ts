import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PulsarState } from './state.js';

/** A running broker, in processes of their own that end when ours does. */
export interface RunningPulsar extends Pick<PulsarState, 'urls'> {
  /** The process that watches over the broker, and starts it again when it is killed. */
  readonly process: ChildProcess;
  /** Holds its data. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

export interface LaunchOptions {
  /** 0, the default, takes any that is free. */
  readonly ports?: { readonly binary: number; readonly http: number };
}

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
  { ports = { binary: 0, http: 0 } }: LaunchOptions = {},
): Promise<RunningPulsar> {
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PULSAR_PORT: String(ports.binary),
    PULSAR_HTTP_PORT: String(ports.http),
  };
  const child = fork(program, [], { env, detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { urls } = await ready(child);
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { urls, process: child, folder: join(dataDir, 'pulsar'), stop };
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
