import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../system.js';

/** What is installed is linked, and what tells of this checkout alone is left out. */
const NOT_COPIED = new Set(['.git', '.data', 'node_modules', 'coverage', 'dist-test']);

/** A checkout of its own, whose sources may be changed. */
export interface Checkout {
  readonly folder: string;
  /** Runs a program of it, by its path; resolves to what it printed, rejects with that unless it ends with 0. */
  run(program: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  dispose(): void;
}

/** Makes it from the sources that are here, in a new folder. It is not set up. */
export function copyCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-checkout-'));
  const dispose = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    copySources(folder);
    linkPackages(folder);
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    ...{ folder, dispose },
    run: async (program, args = [], env = {}) => {
      const options = { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', ...env } };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, program), ...args], options);
      return stdout + stderr;
    },
  };
}

/** With the times of the files, so that only what is changed is compiled. */
function copySources(folder: string): void {
  const isCopied = (path: string): boolean =>
    !relative(root, path)
      .split(sep)
      .some((name) => NOT_COPIED.has(name));
  cpSync(root, folder, { recursive: true, preserveTimestamps: true, filter: isCopied });
}

/** All packages but ours, which are the folder's own; and what is known of the set-up. */
function linkPackages(folder: string): void {
  const [from, to] = [join(root, 'node_modules'), join(folder, 'node_modules')];
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name === '@alpes') cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else if (name === '.alpes') cpSync(join(from, name), join(to, name), { recursive: true });
    else symlinkSync(join(from, name), join(to, name));
  }
  // Where two of ours want different versions, npm gives one of them packages of its own.
  for (const name of readdirSync(join(from, '@alpes'))) {
    const own = join(realpathSync(join(from, '@alpes', name)), 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(folder, relative(root, own)));
  }
}
