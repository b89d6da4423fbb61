import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../system.js';

/** How a program ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program as `npm run setup` has compiled it, by its path from the root, with this environment and nothing else. */
export function runCompiled(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, program), ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}
