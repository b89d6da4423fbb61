import { eventually } from '@alpes/messaging/testing';
import { spawn } from 'node:child_process';
import { root } from '../../start/system.js';
import type { Program } from './system.js';

/** A program of the manifests as a process of this machine. */
export interface RunningProgram {
  /** The status of the answer to a request for this path. */
  ask(path: string): Promise<number>;
  /** Tells it to end, as Kubernetes does; resolves to its exit code. */
  stop(): Promise<number | null>;
}

/** Runs the command of its container, with the environment that it gets there but for what is only here. */
function run({ container, env }: Program, here: Readonly<Record<string, string>>) {
  const [, ...args] = container.command ?? [];
  const { PATH } = process.env;
  const child = spawn(process.execPath, args, { cwd: root, env: { PATH, ...env, ...here } });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => output.push(data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => output.join('') };
}

/** Of a job: its exit code, and what it said. */
export async function runJob(program: Program, here: Readonly<Record<string, string>>) {
  const { ended, said } = run(program, here);
  return { code: await ended, said: said() };
}

/** Of a deployment: resolves once it listens, on any port that is free. */
export async function startProgram(program: Program, here: Readonly<Record<string, string>>): Promise<RunningProgram> {
  const { child, ended, said } = run(program, { ...here, HOST: '127.0.0.1', PORT: '0' });
  const port = await eventually(() => /"port":(\d+)/.exec(said())?.[1], {
    ...{ timeoutMs: 60_000, intervalMs: 50, what: () => `${program.name} listens; it said ${said()}` },
  });
  return {
    ask: async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).status,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
