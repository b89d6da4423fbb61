import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually } from './eventually.js';

/** The broker of the tests, which its keeper starts again when it has been killed. */
export interface TestPulsar {
  readonly urls: { readonly binary: string; readonly websocket: string; readonly admin: string };
  /** kill -9 */
  kill(): Promise<void>;
  /** From now on it answers nothing, until `thaw`. */
  freeze(): { readonly thaw: () => void };
  /** kill -9, and when it is back nothing is left of what it had stored. */
  wipe(): Promise<void>;
  /** Resolves when it takes messages again. */
  isBack(): Promise<void>;
  /** kill -9, and nobody starts it again before `restore`, which resolves when it takes messages again. */
  takeAway(): Promise<{ restore: () => Promise<void> }>;
}

/** How long in ms a broker may take to come back on a machine that has other things to do. */
const RETURN_MS = 180_000;

interface State {
  readonly pid: number;
  readonly keeperPid: number;
  readonly urls: TestPulsar['urls'];
}

/** The broker that the global set-up has started; throws where there is none. */
export function testPulsar(): TestPulsar {
  const file = process.env['TEST_PULSAR_STATE'];
  if (file === undefined) throw new Error('there is no broker: run these tests with npm run test:pulsar');
  const state = () => JSON.parse(readFileSync(file, 'utf8')) as State;
  const kill = async (): Promise<void> => {
    process.kill(state().pid, 'SIGKILL');
    await eventually(() => !existsSync(file), { what: 'the broker is gone' });
  };
  const isBack = async (): Promise<void> => {
    await eventually(() => existsSync(file), { timeoutMs: RETURN_MS, intervalMs: 100, what: 'the broker is back' });
  };
  return {
    urls: state().urls,
    kill,
    isBack,
    freeze: () => {
      const { pid } = state();
      process.kill(pid, 'SIGSTOP');
      return { thaw: () => process.kill(pid, 'SIGCONT') };
    },
    wipe: async () => {
      // While it runs, or its keeper would start it again on the data.
      for (const store of ['bookkeeper0', 'zookeeper']) rmSync(join(dirname(file), store), { recursive: true });
      await kill();
    },
    takeAway: async () => {
      const { pid, keeperPid } = state();
      // A keeper that stands still starts nothing.
      process.kill(keeperPid, 'SIGSTOP');
      process.kill(pid, 'SIGKILL');
      return {
        restore: async () => {
          process.kill(keeperPid, 'SIGCONT');
          await eventually(() => !existsSync(file) || state().pid !== pid, { what: 'the keeper goes on' });
          await isBack();
        },
      };
    },
  };
}
