import { fork, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A running cluster, in a process of its own that ends when ours does. */
export interface RunningCluster {
  readonly process: ChildProcess;
  /** The superuser's URL. */
  readonly url: string;
  /** The process of PostgreSQL itself. */
  readonly serverPid: () => number;
  /** Resolves when the cluster's process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** A second call is for who is in a hurry. */
  readonly stop: () => Promise<void>;
}

export interface LaunchOptions {
  /** For tests: fast, not durable, removed at its end. */
  readonly throwAway?: boolean;
  /** Takes the lines that it logs. */
  readonly onSpawn?: (child: ChildProcess) => void;
}

type Message =
  | { readonly type: 'ready'; readonly url: string; readonly pid: number }
  | { readonly type: 'failed'; readonly message: string };

// The compiled one, also when this file runs from its source (in tests).
const program = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'postgres', 'main.js');

/**
 * Starts PostgreSQL on the data in `folder`, or on a new cluster there.
 *
 * @throws Error with what PostgreSQL said when it does not start
 */
export async function launchCluster(
  folder: string,
  { throwAway = false, onSpawn }: LaunchOptions = {},
): Promise<RunningCluster> {
  const args = throwAway ? [folder, '--throw-away'] : [folder];
  const output = onSpawn === undefined ? 'ignore' : 'pipe';
  // Detached: a terminal's Ctrl-C is for whoever started us, who then stops the cluster last.
  const child = fork(program, args, { detached: true, stdio: ['ignore', output, 'inherit', 'ipc'], execArgv: [] });
  onSpawn?.(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, pid } = await ready(child);
  let serverPid = pid;
  child.on('message', (message: Message) => {
    if (message.type === 'ready') serverPid = message.pid;
  });
  const stop = (): Promise<void> => {
    child.kill('SIGTERM');
    return ended;
  };
  return { process: child, url, serverPid: () => serverPid, ended, stop };
}

function ready(child: ChildProcess): Promise<{ url: string; pid: number }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`PostgreSQL's process ended (${signal ?? code})`)));
    child.on('message', (message: Message) => {
      if (message.type === 'ready') resolve(message);
      else reject(new Error(message.message));
    });
  });
}
