import { run } from './run-tool.mjs';
import { say } from './progress.mjs';
import { runSuite } from './suites.mjs';

/**
 * Runs the tests that build the images and run the system in containers, on whatever engine answers to `docker`. Where
 * none does it says so, and there are no results.
 *
 * @param {readonly string[]} [args] for Jest
 */
export async function runContainerSuite(args = []) {
  const absent = (await reasonOf(['info'])) ?? (await reasonOf(['compose', 'version']));
  if (absent !== undefined) {
    say(`Not run: the tests in containers, which need Docker or the like, with Compose. ${absent}`);
    return [];
  }
  return [await runSuite({ options: ['--selectProjects', 'containers', '--runInBand'] }, args)];
}

/** Why a command of docker can't be used, in one line. */
async function reasonOf(args) {
  try {
    await run('docker', args);
    return undefined;
  } catch (error) {
    const [line = ''] = String(error.output ?? error.message)
      .trim()
      .split('\n')
      .slice(-1);
    return `docker ${args.join(' ')}: ${line}`;
  }
}
