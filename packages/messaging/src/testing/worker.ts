import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import type { Seen, WorkerCommand, WorkerOrders, WorkerReport } from './worker-protocol.js';

/** A consumer in another process. */
export interface Worker {
  /** What it received, in its order. */
  readonly seen: readonly Seen[];
  /** How often it has acknowledged. */
  acknowledgements(): number;
  tell(command: WorkerCommand): void;
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
}

/** Starts a consumer in a process of its own; resolves when it has joined its subscription. */
export async function forkWorker(orders: WorkerOrders, timeoutMs: number): Promise<Worker> {
  const child = fork(program(), [JSON.stringify(orders)], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const seen: Seen[] = [];
  let joined = false;
  let acknowledgements = 0;
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  child.on('message', (said: WorkerReport) => {
    if (said.type === 'joined') joined = true;
    else if (said.type === 'received') seen.push(...said.seen);
    else acknowledgements += 1;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const hasJoined = (): boolean => {
    if (child.exitCode !== null) throw new Error(`the worker ended: ${complaints}`);
    return joined;
  };
  try {
    await eventually(hasJoined, { timeoutMs, what: 'a worker in another process joins' });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    ...{ seen, ended },
    acknowledgements: () => acknowledgements,
    tell: (command) => child.send(command),
    kill: (signal) => child.kill(signal),
  };
}

/** A process of its own runs compiled code, also where this file runs from its source. */
function program(): string {
  const source = new URL('./transport-worker.js', import.meta.url).href.replace('/src/testing/', '/dist/testing/');
  const path = fileURLToPath(source);
  if (!existsSync(path)) throw new Error(`${path} is missing: compile this package first`);
  return path;
}
