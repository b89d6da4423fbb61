import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readSettings } from '../pulsar/settings.js';

const run = promisify(execFile);

/** What Python is here, as in `cpython-311`; fails where it is too old, or without pip. */
const PROBE = 'import sys, pip; assert sys.version_info >= (3, 11); print(sys.implementation.cache_tag)';

function probe(): string | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', PROBE], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Whether there is a Python, 3.11 or later, that can be given packages. */
export const hasPython = (): boolean => probe() !== undefined;

/**
 * A folder for PYTHONPATH with what a requirements file names by exact versions: installed once, beside Pulsar's
 * distribution.
 */
export async function pythonPackages(name: string, requirements: string): Promise<string> {
  const { cacheDir } = readSettings(process.env);
  const digest = createHash('sha256').update(requirements).digest('hex').slice(0, 16);
  const folder = join(cacheDir, `python-${probe()}-${name}-${digest}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir, { recursive: true });
  const unfinished = mkdtempSync(join(cacheDir, 'unfinished-'));
  try {
    const file = join(unfinished, 'requirements.txt');
    writeFileSync(file, requirements);
    const target = join(unfinished, 'packages');
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, '--requirement', file]);
    // Whole or not there at all; another process may have been faster.
    if (!existsSync(folder)) renameSync(target, folder);
    return folder;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
