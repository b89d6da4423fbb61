import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiled by `npm run setup`, as it is run by everybody. */
const program = fileURLToPath(new URL('../../../dist/rebuild/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningRebuild {
  readonly ended: Promise<Ended>;
  /** What it has said until now beside its result. */
  said(): string;
  interrupt(): void;
}

/** Runs the command with these settings alone. */
export function startRebuild(args: readonly string[], env: Readonly<Record<string, string>>): RunningRebuild {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return {
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))),
    said: () => err,
    interrupt: () => void child.kill('SIGINT'),
  };
}
