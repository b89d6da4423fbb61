import { posix } from 'node:path';
import { isOurs, type Lock, type LockedPackage } from './lock.js';

/**
 * The part of a lock file that production runs: the workspaces, what they depend on, and what that depends on in turn, for
 * every platform. It is a lock file itself, from which npm installs just that.
 *
 * npm's own `--omit=dev` leaves more than that: what we develop with, if something in production could use it as well (an
 * optional peer dependency), as it is with Jest and with Prisma's command line.
 */
export function productionLock(lock: Lock): Lock {
  const needed = new Set<string>();
  const need = (folder: string): void => {
    const entry = lock.packages[folder];
    if (entry === undefined || needed.has(folder)) return;
    needed.add(folder);
    if (entry.link === true && entry.resolved !== undefined) need(entry.resolved);
    for (const name of dependenciesOf(entry)) need(resolve(lock, folder, name));
  };
  for (const [folder, entry] of Object.entries(lock.packages)) if (isOurs(folder) || entry.link === true) need(folder);
  const packages = Object.entries(lock.packages)
    .filter(([folder]) => needed.has(folder))
    .map(([folder, entry]) => [folder, { ...entry, devDependencies: undefined }] as const);
  return { ...lock, packages: Object.fromEntries(packages) };
}

/** The names of what a package can't do without, or has use for unless the platform is another. */
function dependenciesOf(entry: LockedPackage): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta } = entry;
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

/** Where Node finds the package of a name, from a folder upwards; a folder that there is not, if nowhere. */
function resolve(lock: Lock, from: string, name: string): string {
  const found = posix.join(from, 'node_modules', name);
  if (from === '' || found in lock.packages) return found;
  const parent = posix.dirname(from);
  return resolve(lock, parent === '.' ? '' : parent, name);
}
