import { expect } from '@jest/globals';
import { prepareFolder } from '../../e2e/kept-folder.js';
import { expectCode, tell } from '../../e2e/told.js';
import { type RunningTool, startTool, type ToolResult } from '../../start/whole-system.js';

/** How specs run the matrix, as a person does. */
export interface MatrixRuns {
  /** Where results are kept; only from within a test. */
  dataDir(): string;
  start(...args: readonly string[]): RunningTool;
  /** Runs it to its end. If that is not what was expected, its logs are kept, and all that it said is shown. */
  expectEnd(code: number, said: RegExp, ...args: readonly string[]): Promise<ToolResult>;
}

/** To be called where a spec begins. */
export function prepareMatrixRuns(): MatrixRuns {
  const { path, prove } = prepareFolder('alpes-matrix-e2e-', 'The results and logs of the crash matrix');
  const start = (...args: readonly string[]): RunningTool => {
    const env = { ...process.env, NODE_OPTIONS: '', DATA_DIR: path() };
    return startTool('run.mjs', ['tools/dist/crash-matrix/cli.js', ...args], env);
  };
  return {
    ...{ dataDir: path, start },
    expectEnd: (code, said, ...args) =>
      prove(async () => {
        const result = await start(...args).ended;
        expectCode(code, result);
        expect(result.output).toMatch(said);
        return result;
      }),
  };
}

/** Tells the line with the seed of a matrix, and returns the seed: with it the same runs come again. */
export function tellSeed({ output }: ToolResult): string {
  const [line = '', seed = ''] = /^First seed (\d+).*/m.exec(output) ?? [];
  tell(line);
  return seed;
}
