import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailed } from './start-failed.js';

/**
 * Makes this process the only one that runs the system of a data folder.
 *
 * @param instead a command that uses another folder
 * @returns a function that gives the folder back
 * @throws StartFailed when a living process runs it, or there can't be such a folder
 */
export function claim(dataDir: string, instead = 'DATA_DIR=.data2 PORT=3001 npm start'): () => void {
  makeFolder(dataDir);
  const file = join(dataDir, 'supervisor.pid');
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, `${process.pid} ${birthOf(process.pid)}`, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = '', ...birth] = readFileSync(file, 'utf8').split(' ');
      if (isRunning(Number(pid), birth.join(' '))) {
        throw new StartFailed(`${dataDir} is in use by process ${pid}. Stop that, or name another folder: ${instead}`, {
          cause: error,
        });
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error(`${file} can't be claimed: it comes back each time that it is removed`);
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartFailed(`DATA_DIR: can't make the folder ${dataDir}: ${why}`, { cause: error });
  }
}

/** After a crash the number in the file may have become another program's, which began at another time. */
function isRunning(pid: number, birth: string): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = birthOf(pid);
  return now === '' ? pid !== process.pid : now === birth;
}

/** When a process began, in whatever words the system has for it; empty where it has none. */
function birthOf(pid: number): string {
  const status = `/proc/${pid}/stat`;
  // Field 22, in ticks since the machine's start; the second is a name in parentheses, which may contain anything.
  if (existsSync(status)) return readFileSync(status, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  if (process.platform === 'win32') return '';
  try {
    const options = { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' }, stdio: 'pipe' } as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim();
  } catch {
    return '';
  }
}
