import { startSystem } from '../start/whole-system.js';
import { isReady } from '../start/health.js';
import { readState } from '../start/state-file.js';

/** A system under load. */
export interface Target {
  /** Of the BFF. */
  readonly url: string;
  readonly dataDir: string;
  /** With this environment the tools of the repository find it. */
  readonly env: NodeJS.ProcessEnv;
  /** Leaves a system that was there as it is, and removes one that was started. */
  dispose(): Promise<void>;
}

/** The system that runs in a folder, or else one that is started on data of its own. */
export async function findTarget(
  dataDir: string,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<Target> {
  const url = readState(dataDir)?.url;
  if (url !== undefined && (await isReady(url))) {
    say(`The system in ${dataDir}, at ${url}`);
    return { url, dataDir, env, dispose: async () => {} };
  }
  say(`No system runs in ${dataDir}: starting one on new data …`);
  return startSystem({ asInProduction: true });
}
