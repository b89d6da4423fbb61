import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepFolder } from '../keep-folder.js';
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
export function pythonPackages(name: string, requirements: string): Promise<string> {
  const digest = createHash('sha256').update(requirements).digest('hex').slice(0, 16);
  const folder = join(readSettings(process.env).cacheDir, `python-${probe()}-${name}-${digest}`);
  return keepFolder(folder, async (unfinished) => {
    const file = join(unfinished, 'requirements.txt');
    writeFileSync(file, requirements);
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', unfinished, '--requirement', file]);
  });
}
