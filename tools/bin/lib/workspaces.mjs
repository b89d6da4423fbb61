import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-tool.mjs';

/** The workspaces that can be compiled, as paths from the root. */
export function workspaces() {
  const folders = ['packages', 'services'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  return [...folders, 'bff', 'client-faker', 'tools'].filter((folder) =>
    existsSync(join(root, folder, 'tsconfig.json')),
  );
}
