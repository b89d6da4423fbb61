import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiled by `npm run setup`, as it is run by everybody. */
const program = fileURLToPath(new URL('../../../dist/topics/cli.js', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command with these settings of the broker alone. */
export function runTopics(env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Ended> {
  const { PATH } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env: { PATH, ...env } }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}
