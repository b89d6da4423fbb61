import { describe, expect, it } from '@jest/globals';
import type { LockedPackage } from './lock.js';
import { productionLock } from './production.js';

/** A workspace that depends on `needed`, among these packages. */
const lockOf = (packages: Record<string, LockedPackage>, workspace: LockedPackage = {}) => ({
  packages: {
    '': { devDependencies: { tool: '1' } },
    'apps/app': { dependencies: { needed: '1' }, ...workspace },
    'node_modules/app': { resolved: 'apps/app', link: true },
    ...packages,
  },
});

const foldersOf = (lock: ReturnType<typeof lockOf>): readonly string[] =>
  Object.keys(productionLock(lock).packages).filter(
    (folder) => folder.includes('node_modules/') && !folder.endsWith('/app'),
  );

describe('what production runs', () => {
  it('is what the workspaces need, and what that needs', () => {
    const packages = { 'node_modules/needed': { dependencies: { deep: '1' } }, 'node_modules/deep': {} };
    expect(foldersOf(lockOf({ ...packages, 'node_modules/tool': {} }))).toEqual(Object.keys(packages));
  });

  it('is of two versions that which its user finds', () => {
    const packages = {
      'node_modules/needed': { dependencies: { deep: '2' } },
      'node_modules/needed/node_modules/deep': {},
      'node_modules/deep': {},
    };
    expect(foldersOf(lockOf(packages))).toEqual(Object.keys(packages).slice(0, 2));
    const own = { 'apps/app/node_modules/needed': { dependencies: { deep: '1' } } };
    expect(foldersOf(lockOf({ ...packages, ...own }))).toEqual(['node_modules/deep', ...Object.keys(own)]);
  });

  it('has what is optional, and the peers that a package needs, but not those that it only works with', () => {
    const needed = {
      optionalDependencies: { native: '1', missing: '1' },
      peerDependencies: { peer: '1', tool: '1' },
      peerDependenciesMeta: { tool: { optional: true } },
    };
    const packages = { 'node_modules/needed': needed, 'node_modules/native': {}, 'node_modules/peer': {} };
    expect(foldersOf(lockOf({ ...packages, 'node_modules/tool': {} }))).toEqual(Object.keys(packages));
  });

  it('has nothing of what a workspace is developed with', () => {
    const lock = lockOf({ 'node_modules/needed': {}, 'node_modules/tool': {} }, { devDependencies: { tool: '1' } });
    expect(foldersOf(lock)).toEqual(['node_modules/needed']);
    expect(JSON.stringify(productionLock(lock))).not.toContain('tool');
  });
});
