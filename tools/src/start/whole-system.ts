import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../postgres/ports.js';
import { isReady } from './health.js';
import type { SystemState } from './state-file.js';
import { root } from './system.js';

/** A whole system, started as a person does it, in a folder and on a port of its own. */
export interface System {
  /** Of the BFF. */
  readonly url: string;
  readonly fakerUrl: string;
  readonly dataDir: string;
  /** With this environment the tools of the repository find it. */
  readonly env: NodeJS.ProcessEnv;
  /** What `system.json` says now. */
  state(): SystemState;
  /** Everything that was printed since the last start. */
  output(): string;
  /** Starts it again after it was stopped or killed, and waits until it is ready. */
  start(args?: readonly string[]): Promise<void>;
  /** Presses Ctrl-C and waits for the end. Returns the exit code. */
  interrupt(): Promise<number | null>;
  /** Ends the supervisor with a signal that it can't catch. */
  killSupervisor(): Promise<void>;
  /** Stops what runs and removes the data. */
  dispose(): Promise<void>;
}

/** Settings under which a test need not wait long for what a crashed process had in hand. */
export const IMPATIENT = {
  BROKER_LEASE_MS: '2000',
  RELAY_LEASE_MS: '2000',
  PAYMENT_LEASE_MS: '5500',
  GATEWAY_TIMEOUT_MS: '2500',
  LOG_LEVEL: 'warn',
};

/** How long in ms a start may take on a busy machine. */
const START_TIMEOUT_MS = 120_000;

export interface SystemOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
  /** With the settings of production, not those for tests. */
  readonly asInProduction?: boolean;
  /** By `npm start` itself, which takes its time. */
  readonly throughNpm?: boolean;
}

/** Starts a system and waits until it is ready. Where BROKER_URL says so its broker is a Pulsar, of which it has a namespace to itself. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const dataDir = mkdtempSync(join(tmpdir(), 'alpes-e2e-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const own = { NODE_OPTIONS: '', PORT: String(port), DATA_DIR: dataDir, PULSAR_NAMESPACE: basename(dataDir) };
  const env = { ...process.env, ...own };
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = '';
  const state = (): SystemState => JSON.parse(readFileSync(join(dataDir, 'system.json'), 'utf8')) as SystemState;

  const start = async (args: readonly string[] = []): Promise<void> => {
    output = '';
    const environment = { ...env, ...(options.asInProduction !== true && IMPATIENT), ...options.env };
    child =
      options.throughNpm === true
        ? runProgram('npm', ['start', '--', ...args], environment)
        : runTool('start.mjs', args, environment);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => (output += data.toString()));
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`npm start ended with ${String(code)}`);
    });
    const ready = untilReady(url, () => output);
    await Promise.race([ready, failed]).catch((cause: unknown) => {
      throw new Error(`the system did not start:\n${output}`, { cause });
    });
    failed.catch(() => {});
  };

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null)
      return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child?.once('exit', resolve));
    process.kill(-child.pid, signal);
    return ended;
  };

  await start(options.args);
  return {
    ...{ url, dataDir, env, start, state, fakerUrl: state().fakerUrl },
    output: () => output,
    interrupt: () => end('SIGINT'),
    killSupervisor: async () => {
      await end('SIGKILL');
    },
    dispose: async () => {
      // Left by a test that has failed.
      for (const tool of running) tool.interrupt();
      await end('SIGINT');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The number that a process of a system has now; throws between two lives of it. */
export function pidOf(system: System, name: string): number {
  const pid = system.state().processes.find((one) => one.name === name)?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

/** The URL of the owner of a database of a system, by service. */
export function databaseUrlOf(system: System, owner: string): string {
  const url = system.state().databases[owner];
  if (url === undefined) throw new Error(`there is no database of ${owner}`);
  return url;
}

/** The line before the commands that a new system suggests. */
const NEXT_STEPS = 'curl';

async function untilReady(url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(output().includes(NEXT_STEPS) && (await isReady(url)))) {
    if (Date.now() > deadline) throw new Error(`it was not ready within ${START_TIMEOUT_MS} ms`);
    await delay(10);
  }
}

/** What a tool of the repository printed, and how it ended. */
export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

const COMMANDS = {
  faker: 'client-faker/dist/cli.js',
  reconcile: 'tools/dist/reconcile/cli.js',
  dlq: 'tools/dist/dlq/cli.js',
} as const;

/** Starts `npm run faker`, `reconcile` or `dlq` against a system. */
export const startCommand = (system: System, name: keyof typeof COMMANDS, args: readonly string[]): RunningTool =>
  startTool('run.mjs', [COMMANDS[name], ...args], system.env);

/** Runs it to its end. */
export const runCommand = (...command: Parameters<typeof startCommand>): Promise<ToolResult> =>
  startCommand(...command).ended;

/** A tool of the repository that runs. */
export interface RunningTool {
  /** Everything that was printed so far. */
  output(): string;
  /** Presses Ctrl-C. */
  interrupt(): void;
  readonly ended: Promise<ToolResult>;
}

const running = new Set<RunningTool>();

/** Starts a tool, by its file in `tools/bin`. */
export function startTool(file: string, args: readonly string[], env: NodeJS.ProcessEnv): RunningTool {
  const child = runTool(file, args, env);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const tool: RunningTool = {
    output: () => output,
    interrupt: () => interrupt(child),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))),
  };
  running.add(tool);
  void tool.ended.then(() => running.delete(tool));
  return tool;
}

function runTool(file: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return runProgram(process.execPath, [join(root, 'tools/bin', file), ...args], env);
}

/** In a process group of its own, as a terminal would have it. */
function runProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Who ends without having stopped it leaves nothing behind.
  const leave = (): void => interrupt(child);
  process.on('exit', leave);
  child.once('exit', () => process.off('exit', leave));
  return child;
}

function interrupt({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGINT');
  } catch {
    // It has just ended.
  }
}
