import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run-tool.mjs';

/** All tests. `npm test` and `npm run check` run these, one suite after the other; `budget` is in seconds. */
export const suites = [
  // Of two processors Jest would leave one idle.
  {
    name: 'unit and integration tests',
    budget: 600,
    options: ['--selectProjects', 'unit', 'int', '--maxWorkers', '2'],
  },
  // Each of these owns a whole system, which uses all that there is: one at a time.
  { name: 'end-to-end tests', budget: 1_500, options: ['--selectProjects', 'e2e', '--runInBand'] },
];

const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** Jest loads ECMAScript modules only with this flag, and calls it an experiment each time. */
const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/**
 * Runs the tests of one suite and resolves to what came of it.
 *
 * @param {{ options: readonly string[], env?: NodeJS.ProcessEnv }} suite
 * @param {readonly string[]} [args] for Jest
 * @returns {Promise<{ code: number, passed: number, failed: number, skipped: number }>}
 */
export function runSuite({ options, env = {} }, args = []) {
  const results = mkdtempSync(join(tmpdir(), 'alpes-results-'));
  const file = join(results, 'results.json');
  const child = spawn(
    process.execPath,
    [jest, ...options, '--json', `--outputFile=${file}`, '--passWithNoTests', ...args],
    {
      cwd: root,
      // Jest writes its JSON to stdout too; what people read comes on stderr.
      stdio: ['inherit', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...env,
        NODE_OPTIONS: [process.env.NODE_OPTIONS, ...nodeOptions].filter(Boolean).join(' '),
      },
    },
  );
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      resolve({ code: code ?? 1, ...countsOf(file) });
      rmSync(results, { recursive: true, force: true });
    });
  });
}

/** A file whose tests could not even be run counts as one that failed. */
function countsOf(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** Prints the one line about all tests that were run; returns whether all is well. */
export function conclude(results) {
  const sum = (field) => results.reduce((total, result) => total + result[field], 0);
  const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map(sum);
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  // All that ran may have passed while Jest itself did not, and nothing at all is no success.
  return failed === 0 && passed > 0 && results.every(({ code }) => code === 0);
}
