import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifest.js';

const run = promisify(execFile);

/** What kustomize makes of a folder. */
export async function render(kustomize: string, folder: string): Promise<string> {
  const { stdout } = await run(kustomize, ['build', folder], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The documents of a YAML file. */
export const parseManifests = (yaml: string): Manifest[] =>
  parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);
