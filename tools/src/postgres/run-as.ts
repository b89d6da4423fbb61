import { execFile } from 'node:child_process';
import { identity, type Account } from './account.js';

/** Runs a program as the account, and fails with what it printed. */
export function runAs(account: Account | undefined, program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: '/', ...identity(account) }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} failed: ${error.message}\n${stdout}${stderr}`.trimEnd()));
    });
  });
}
