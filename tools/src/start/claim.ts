import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailed } from './start-failed.js';

/**
 * Makes this process the only one that runs the system of a data folder.
 *
 * @returns a function that gives the folder back
 * @throws Error when a living process runs it
 */
export function claim(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'supervisor.pid');
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(file, 'utf8'));
      if (isRunning(pid)) {
        throw new StartFailed(
          `${dataDir} is in use by process ${pid}. Stop that, or name another folder: DATA_DIR=.data2 PORT=3001 npm start`,
          { cause: error },
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new Error(`${file} can't be claimed: it comes back each time that it is removed`);
}

/** After a crash the number in the file may have become another program's, or our own. */
function isRunning(pid: number): boolean {
  if (pid === process.pid || !(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('start');
}
