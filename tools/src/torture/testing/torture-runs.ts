import { afterAll, beforeAll, expect } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectCode, tell } from '../../e2e/told.js';
import { type RunningTool, startTool } from '../../start/whole-system.js';

/** How specs run the torture, as a person does. */
export interface TortureRuns {
  /** Everything that a run makes is in it; only from within a test. */
  folder(): string;
  start(...args: readonly string[]): RunningTool;
  /** Tells what it did, and fails unless it played all of the faults, and nothing was wrong. */
  expectWell(run: RunningTool, faults: number): Promise<void>;
}

/** To be called where a spec begins: all is removed in its end, unless something failed. */
export function prepareTortureRuns(): TortureRuns {
  let folder = '';
  let failed = false;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'alpes-torture-e2e-'));
    // As root, PostgreSQL runs as another user, who has to get at its data.
    chmodSync(folder, 0o755);
  });
  afterAll(() => {
    if (failed) tell(`The reports and logs of the torture are kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder: () => folder,
    start: (...args) => {
      const env = { ...process.env, NODE_OPTIONS: '', DATA_DIR: folder, TMPDIR: folder };
      return startTool('run.mjs', ['tools/dist/torture/cli.js', ...args], env);
    },
    expectWell: async (run, faults) => {
      failed = true;
      const result = await run.ended;
      tell(result.output);
      expectCode(0, result);
      expect(result.output).toMatch(new RegExp(`^faults +${faults}$`, 'm'));
      for (const wrong of ['lost', 'doubled', 'out of order', 'stuck', 'dead letters']) {
        expect(result.output).toMatch(new RegExp(`^${wrong} +0$`, 'm'));
      }
      failed = false;
    },
  };
}
