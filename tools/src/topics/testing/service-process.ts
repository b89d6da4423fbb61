import { eventually } from '@alpes/messaging/testing';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { migrateDatabase } from '../../start/prepare.js';
import { programOf, root, type Scalable } from '../../start/system.js';

/** A service as a process of its own. */
export interface ServiceProcess {
  /** Its answer to whether it is ready: the status, and what it says of the broker. */
  readiness(): Promise<{ readonly status: number; readonly broker: string }>;
  /** The lines of its log that begin so; those about the broker as a whole unless told. */
  said(
    about?: string,
  ): readonly { readonly level: string; readonly message: string; readonly text: string | undefined }[];
  /** Asks it to end (SIGTERM); resolves to its exit code. */
  stop(): Promise<number | null>;
}

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly port?: number;
  readonly err?: { readonly message: string };
}

/** Starts it on an empty database. */
export async function startService(
  name: Scalable,
  databaseUrl: string,
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  await migrateDatabase(name, databaseUrl);
  const { PATH } = process.env;
  const child = spawn(process.execPath, [join(root, programOf(name))], {
    env: { PATH, ...env, DATABASE_URL: databaseUrl, OUTAGE_MAX_MS: '500' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines = (): LogLine[] => {
    const whole = output.slice(0, output.lastIndexOf('\n') + 1);
    return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as LogLine]));
  };
  const port = await eventually(() => lines().find(({ message }) => message === 'ready')?.port, {
    ...{ timeoutMs: 30_000, what: () => `${name} listens; it said ${output}` },
  });
  return {
    readiness: async () => {
      const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
      const { checks } = (await response.json()) as { checks: { broker: string } };
      return { status: response.status, broker: checks.broker };
    },
    said: (about = 'the broker: ') =>
      lines()
        .filter(({ message }) => message.startsWith(about))
        .map(({ level, message, err }) => ({ level, message, text: err?.message })),
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
