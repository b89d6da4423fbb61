import { expect } from '@jest/globals';
import { prepareFolder } from '../../e2e/kept-folder.js';
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

/** To be called where a spec begins. */
export function prepareTortureRuns(): TortureRuns {
  const { path, prove } = prepareFolder('alpes-torture-e2e-', 'The reports and logs of the torture');
  return {
    folder: path,
    start: (...args) => {
      const env = { ...process.env, NODE_OPTIONS: '', DATA_DIR: path(), TMPDIR: path() };
      return startTool('run.mjs', ['tools/dist/torture/cli.js', ...args], env);
    },
    expectWell: (run, faults) =>
      prove(async () => {
        const result = await run.ended;
        tell(result.output);
        expectCode(0, result);
        expect(result.output).toMatch(new RegExp(`^faults +${faults}$`, 'm'));
        for (const wrong of ['lost', 'doubled', 'out of order', 'stuck', 'dead letters']) {
          expect(result.output).toMatch(new RegExp(`^${wrong} +0$`, 'm'));
        }
      }),
  };
}
