import { AlpesError } from '@alpes/messaging';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../start/system.js';
import { isOurs, type Lock, readLock } from './lock.js';
import { productionLock } from './production.js';

/** What a command of npm printed, and how it ended. */
export interface NpmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of npm as if there were nothing in the repository but what production runs. */
export async function npmOnProduction(args: readonly string[]): Promise<NpmResult> {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-production-'));
  // npm names a project after its folder.
  const project = join(folder, 'alpes');
  try {
    writeProject(project, productionLock(readLock()));
    // The registry may be told there.
    cpSync(join(root, '.npmrc'), join(project, '.npmrc'));
    return await npm(args, project);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A lock file repeats of each package.json of a project all that npm goes by. */
function writeProject(folder: string, lock: Lock): void {
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!isOurs(path)) continue;
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'package.json'), JSON.stringify(entry));
  }
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
}

/** npm tells its own path to the scripts that it runs; without it the PATH has to do. */
function npm(args: readonly string[], cwd: string): Promise<NpmResult> {
  const path = process.env['npm_execpath'];
  const [command, first] = path?.endsWith('.js') ? [process.execPath, [path]] : ['npm', []];
  return new Promise((resolve, reject) => {
    // An outer `npm run --silent` would silence this one too.
    execFile(command, [...first, ...args, '--loglevel=warn'], { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new AlpesError('configuration', `npm can't be run: ${error?.message}`, { cause: error }));
    });
  });
}
