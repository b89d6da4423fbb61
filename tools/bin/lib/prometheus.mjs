import { say } from './progress.mjs';
import { run } from './run-tool.mjs';

const command = 'apt-get install -y --no-install-recommends prometheus';

/**
 * The tests of the alarms need a Prometheus; without one they are skipped. A developer installs it, or not; CI has it, and
 * where it may (as root, with Debian's packages) installs it itself.
 */
export async function havePrometheus() {
  if (await works()) return;
  if (!process.env.CI) {
    say(`Not run: the tests of the alarms, which need Prometheus, such as of \`${command}\`.`);
    return;
  }
  if (process.getuid?.() === 0) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    await run('apt-get', command.split(' ').slice(1), { env });
  }
  if (!(await works())) throw new Error(`The tests of the alarms need Prometheus, and this is CI: ${command}`);
}

async function works() {
  try {
    await Promise.all(['prometheus', 'promtool'].map((name) => run(name, ['--version'])));
    return true;
  } catch {
    return false;
  }
}
