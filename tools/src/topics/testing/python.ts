import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readSettings } from '../../pulsar/settings.js';

const run = promisify(execFile);

/** Pulsar's client for Python, and what our proto files and our partitions take. */
const PACKAGES = ['pulsar-client==3.13.0', 'protobuf==7.36.2', 'mmh3==5.3.1'];

/** Whether there is a Python that can be given packages. */
export const hasPython = (): boolean =>
  spawnSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' }).status === 0;

/** A folder with the packages, for PYTHONPATH: installed once, beside Pulsar's distribution. */
export async function pythonPackages(): Promise<string> {
  const { cacheDir } = readSettings(process.env);
  const folder = join(cacheDir, ['python', ...PACKAGES].join('-').replaceAll('==', '-'));
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir, { recursive: true });
  const unfinished = mkdtempSync(join(cacheDir, 'unfinished-'));
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', unfinished, ...PACKAGES]);
  renameSync(unfinished, folder);
  return folder;
}
