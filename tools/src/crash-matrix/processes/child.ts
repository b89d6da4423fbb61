import { CRASH_ACTIONS, CRASH_POINTS, crashLine } from '@alpes/messaging';
import { type ChildProcess, fork } from 'node:child_process';

/** A process that may be killed or frozen, or do that to itself. */
export interface Child {
  /** Whether it has come to its crash point. */
  hasCrashed(): boolean;
  /** Forgets that, and what it wrote: it was only frozen, and begins anew. */
  renew(): void;
  hasEnded(): boolean;
  /** Resolves with its signal or exit code. */
  readonly ended: Promise<string>;
  /** The last lines that it wrote. */
  log(): readonly string[];
  onReport(callback: (report: unknown) => void): void;
  /** Does nothing once it has ended. */
  send(command: object): void;
  kill(signal: NodeJS.Signals): void;
}

/** What a process says of its crash, whatever else it writes. */
const CRASH_LINES = new Set(CRASH_POINTS.flatMap((point) => CRASH_ACTIONS.map((action) => crashLine(point, action))));
const MOST_LINES = 400;

const running = new Set<ChildProcess>();

/** Ends every process at once, those that stand still too. */
export function endChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Starts a compiled program with the environment's variables and these. */
export function startChild(program: string, env: NodeJS.ProcessEnv = {}): Child {
  const child = fork(program, {
    ...{ env: { ...process.env, NODE_OPTIONS: '', ...env }, execArgv: ['--enable-source-maps'] },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  const lines: string[] = [];
  let crashed = false;
  const note = (line: string): void => {
    if (CRASH_LINES.has(line)) crashed = true;
    lines.push(line);
    if (lines.length > MOST_LINES) lines.shift();
  };
  for (const stream of [child.stdout, child.stderr]) if (stream !== null) splitLines(stream, note);
  const ended = new Promise<string>((resolve) => {
    // Closed, not only ended: then its last line has been read.
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(signal ?? String(code));
    });
  });
  child.on('error', (error) => note(String(error)));
  return {
    hasCrashed: () => crashed,
    renew: () => {
      crashed = false;
      lines.length = 0;
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended,
    log: () => lines,
    onReport: (callback) => void child.on('message', callback),
    send: (command) => {
      if (child.connected) child.send(command, () => {});
    },
    kill: (signal) => void child.kill(signal),
  };
}

function splitLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) onLine(line);
  });
}
