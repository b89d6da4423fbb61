import { afterAll, beforeAll } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tell } from './told.js';

/** A folder for all that the runs of a spec leave. */
export interface KeptFolder {
  /** Only from within a test. */
  path(): string;
  /** Does what proves that a run was as expected; if that fails, or never ends, the folder is kept. */
  prove<T>(work: () => Promise<T>): Promise<T>;
}

/** To be called where a spec begins: it is removed in its end, unless something failed. `what` is in it, for a person. */
export function prepareFolder(prefix: string, what: string): KeptFolder {
  let path = '';
  let unproven = 0;
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), prefix));
    // As root, PostgreSQL runs as another user, who has to get at its data.
    chmodSync(path, 0o755);
  });
  afterAll(() => {
    if (unproven > 0) tell(`${what} are kept in ${path}`);
    else rmSync(path, { recursive: true, force: true });
  });
  return {
    path: () => path,
    prove: async (work) => {
      unproven += 1;
      const result = await work();
      unproven -= 1;
      return result;
    },
  };
}
