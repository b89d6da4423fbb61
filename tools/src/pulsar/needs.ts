import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { StartFailed } from '../start/start-failed.js';

/** Pulsar 4 runs on this version of Java and on newer ones. */
const JAVA = 17;

/** Throws StartFailed, with what to do, unless there is a Java that runs Pulsar. */
export function needJava(env: NodeJS.ProcessEnv): void {
  const home = env['JAVA_HOME'];
  const java = home ? join(home, 'bin', 'java') : 'java';
  const { status, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const version = /version "(?:1\.)?(\d+)/.exec(stderr ?? '')?.[1];
  if (status === 0 && Number(version) >= JAVA) return;
  const found = status === 0 ? `${java} is Java ${version}` : `${java} can't be run`;
  throw new StartFailed(
    `Pulsar needs Java ${JAVA} or newer, and ${found}. Install one, for example with "apt-get install ` +
      `openjdk-${JAVA}-jre-headless" or "brew install openjdk@${JAVA}", or name it in JAVA_HOME.`,
  );
}

/** Throws StartFailed, with what to do, unless there is Maven. */
export function needMaven(): void {
  if (spawnSync('mvn', ['--version'], { stdio: 'ignore' }).status === 0) return;
  throw new StartFailed(
    'Pulsar is fetched with Maven, once, and mvn can\'t be run. Install it, for example with "apt-get install maven" or ' +
      '"brew install maven".',
  );
}
