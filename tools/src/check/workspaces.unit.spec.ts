import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** The folders that package.json names, where `packages/*` is all of a folder. */
function workspaces(): string[] {
  return (read('package.json') as { workspaces: string[] }).workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern];
    const parent = pattern.slice(0, -2);
    return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  });
}

describe('the workspaces', () => {
  const { references } = read('tsconfig.json') as { references: { path: string }[] };
  const paths = references.map(({ path }) => path);

  it.each(workspaces())('%s is compiled with all others, and so are its tests', (folder) => {
    const wanted = [folder, `${folder}/tsconfig.test.json`].filter((path) =>
      existsSync(join(root, path.endsWith('.json') ? path : `${path}/tsconfig.json`)),
    );
    expect(paths).toEqual(expect.arrayContaining(wanted));
    expect(wanted).not.toEqual([]);
  });
});
