import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ProcessSpec } from '../../start/system.js';

/** A process of a service, of whichever version. */
export interface Replica {
  readonly spec: ProcessSpec;
  /** What it has printed: warnings and worse. */
  output(): string;
  /** Asks it to end (SIGTERM); resolves to its exit code. */
  stop(): Promise<number | null>;
  /** What it says of what it needs, by name. */
  checks(): Promise<Readonly<Record<string, string>>>;
  /** The sum of a counter over all its labels. */
  count(metric: string): Promise<number>;
}

/** Starts it from the checkout in `folder`, and waits until it has begun, be it ready or not. */
export async function startReplica(spec: ProcessSpec, folder: string, env: NodeJS.ProcessEnv): Promise<Replica> {
  const child = spawn(process.execPath, [join(folder, spec.program)], {
    cwd: folder,
    env: { ...env, ...spec.env, PORT: String(spec.port) },
    // By the channel it notices when this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = `http://127.0.0.1:${spec.port}`;
  const begun = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)]);
  if (!begun) throw new Error(`${spec.name} did not start:\n${output}`);
  return {
    spec,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    checks: async () => {
      const response = await fetch(`${url}/health/ready`);
      return ((await response.json()) as { checks: Record<string, string> }).checks;
    },
    count: async (metric) => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith(`${metric}{`));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
  };
}
