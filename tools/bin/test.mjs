#!/usr/bin/env node
// `npm test`: unit and integration tests side by side, then the end-to-end tests, which each own a whole system, one
// after the other. Arguments go to Jest: `npm test -- services/order`, `npm test -- -t 'a name'`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/run-tool.mjs';
import { setupOrExit } from './setup.mjs';

const args = process.argv.slice(2);
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const results = mkdtempSync(join(tmpdir(), 'alpes-results-'));

/** Jest loads ECMAScript modules only with this flag, and calls it an experiment each time. */
const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/** Runs Jest on some projects and reads what came of it. */
function runJest(name, options) {
  const file = join(results, `${name}.json`);
  const child = spawn(
    process.execPath,
    [jest, ...options, '--json', `--outputFile=${file}`, '--passWithNoTests', ...args],
    {
      cwd: root,
      // Jest writes its JSON to stdout too; what people read comes on stderr.
      stdio: ['inherit', 'ignore', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: [process.env.NODE_OPTIONS, ...nodeOptions].filter(Boolean).join(' ') },
    },
  );
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve({ code: code ?? 1, ...countsOf(file) }));
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

await setupOrExit({ quiet: true });
const runs = [
  await runJest('unit-and-int', ['--selectProjects', 'unit', 'int']),
  await runJest('e2e', ['--selectProjects', 'e2e', '--runInBand']),
];
rmSync(results, { recursive: true, force: true });

const sum = (field) => runs.reduce((total, run) => total + run[field], 0);
const [passed, failed, skipped] = ['passed', 'failed', 'skipped'].map(sum);
// All that ran may have passed while Jest itself did not, and nothing at all is no success.
const ok = failed === 0 && passed > 0 && runs.every(({ code }) => code === 0);
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = ok ? 0 : 1;
