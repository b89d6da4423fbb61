import { afterAll, beforeAll, expect } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningTool, startTool, type ToolResult } from '../../start/whole-system.js';
import { expectCode, tell } from '../../e2e/told.js';

/** How specs run the matrix, as a person does. */
export interface MatrixRuns {
  /** Where results are kept; only from within a test. */
  dataDir(): string;
  start(...args: readonly string[]): RunningTool;
  /** Runs it to its end. If that is not what was expected, its logs are kept, and all that it said is shown. */
  expectEnd(code: number, said: RegExp, ...args: readonly string[]): Promise<ToolResult>;
}

/** To be called where a spec begins: what is kept is removed in its end, unless something failed. */
export function prepareMatrixRuns(): MatrixRuns {
  let dataDir = '';
  let failed = false;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'alpes-matrix-e2e-'));
  });
  afterAll(() => {
    if (failed) tell(`The results and logs of the crash matrix are kept in ${dataDir}`);
    else rmSync(dataDir, { recursive: true, force: true });
  });
  const start = (...args: readonly string[]): RunningTool => {
    const env = { ...process.env, NODE_OPTIONS: '', DATA_DIR: dataDir };
    return startTool('run.mjs', ['tools/dist/crash-matrix/cli.js', ...args], env);
  };
  return {
    ...{ dataDir: () => dataDir, start },
    expectEnd: async (code, said, ...args) => {
      const result = await start(...args).ended;
      try {
        expectCode(code, result);
        expect(result.output).toMatch(said);
      } catch (error) {
        failed = true;
        throw error;
      }
      return result;
    },
  };
}

/** Tells the line with the seed of a matrix, and returns the seed: with it the same runs come again. */
export function tellSeed({ output }: ToolResult): string {
  const [line = '', seed = ''] = /^First seed (\d+).*/m.exec(output) ?? [];
  tell(line);
  return seed;
}
