import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start/system.js';

type Ranges = Readonly<Record<string, string>>;

/** What package-lock.json says of one package, as far as it matters here. */
export interface LockedPackage {
  readonly version?: string;
  /** An SPDX expression, if its author keeps to that. */
  readonly license?: string;
  /** A workspace is linked from node_modules to its folder. */
  readonly link?: boolean;
  readonly resolved?: string;
  /** npm's marks of what it need not install everywhere; `devOptional`: both of the others. */
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly dependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly devDependencies?: Ranges | undefined;
  readonly peerDependencies?: Ranges;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** package-lock.json, version 3: packages by the folder that they are in, '' for the root. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Reads a lock file; by default that of the repository. */
export function readLock(file = join(root, 'package-lock.json')): Lock {
  return JSON.parse(readFileSync(file, 'utf8')) as Lock;
}

/** Whether a folder is one of ours, and not what npm installed. */
export const isOurs = (folder: string): boolean => !folder.includes('node_modules/');

/** What npm installs, by folder: neither our workspaces nor the links to them. */
export const installed = ({ packages }: Lock): readonly (readonly [string, LockedPackage])[] =>
  Object.entries(packages).filter(([folder, { link }]) => !isOurs(folder) && link !== true);

/** The name of an installed package: a folder of node_modules, of which there may be several within each other. */
export const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('node_modules/') + 13);
