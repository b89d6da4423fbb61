import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { goInstall, hasGo } from '../go/go.js';
import { keepFolder } from '../keep-folder.js';
import { readSettings } from '../pulsar/settings.js';
import { StartFailed } from '../start/start-failed.js';

/** https://k6.io: makes the load. */
const VERSION = 'v1.8.1';
/** The minor version of Go 1 that builds it. */
const GO = 25;
/** The first that strips the types of TypeScript by itself. */
const LEAST_MAJOR = 1;

/** Whether there is a k6, or one can be built. */
export const canHaveK6 = (): boolean => isNewEnough('k6') || hasGo(GO);

/** A command that runs k6: that of the PATH, else one that is built the first time. Throws StartFailed where neither is possible. */
export async function findK6(say: (text: string) => void): Promise<string> {
  if (isNewEnough('k6')) return 'k6';
  if (!hasGo(GO)) {
    throw new StartFailed(
      `There is no k6 ${LEAST_MAJOR}.0 or later on the PATH, and no Go 1.${GO} or later to build one with.
Install either: https://grafana.com/docs/k6/latest/set-up/install-k6/ or https://go.dev/dl/`,
    );
  }
  const folder = join(readSettings(process.env).cacheDir, `k6-${VERSION}`);
  await keepFolder(folder, (unfinished) => {
    say(`Building k6 ${VERSION}, which takes a minute or two the first time …`);
    return goInstall(unfinished, [`go.k6.io/k6@${VERSION}`]);
  });
  return join(folder, 'k6');
}

function isNewEnough(command: string): boolean {
  const { stdout } = spawnSync(command, ['version'], { encoding: 'utf8' });
  const major = /^k6 v(\d+)\./.exec(stdout ?? '')?.[1];
  return Number(major) >= LEAST_MAJOR;
}
