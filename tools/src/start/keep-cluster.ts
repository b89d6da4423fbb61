import { join } from 'node:path';
import { launchCluster, type RunningCluster } from '../postgres/launch.js';
import type { LogSink } from './log-sink.js';

/** Our own PostgreSQL, which is there until it is stopped. */
export interface KeptCluster {
  /** Resolves to the superuser's URL. */
  readonly start: () => Promise<string>;
  readonly stop: () => Promise<void>;
  /** The processes of it; undefined while there is none. */
  readonly pids: () => { readonly pid: number; readonly watcherPid: number | undefined } | undefined;
}

export interface KeepOptions {
  readonly dataDir: string;
  readonly sink: LogSink;
  /** Told when its processes are others. */
  readonly onChange: () => void;
  /** Told when it can't be kept alive. */
  readonly onLost: (why: string) => void;
}

/** PostgreSQL itself is started again by the process that watches over it; here that process is. */
export function keepCluster({ dataDir, sink, onChange, onLost }: KeepOptions): KeptCluster {
  let launching: Promise<RunningCluster> | undefined;
  let current: RunningCluster | undefined;
  const state = { stopping: false };

  async function launch(): Promise<RunningCluster> {
    const running = await launchCluster(join(dataDir, 'postgres'), {
      onSpawn: (child) => sink.follow('postgres', child.stdout),
    });
    current = running;
    running.process.on('message', () => onChange());
    void running.ended.then(() => relaunch(running));
    return running;
  }

  async function relaunch(before: RunningCluster): Promise<void> {
    if (state.stopping) return;
    sink.say('warn', 'the process that watches over PostgreSQL ended: starting it again');
    try {
      launching = launch();
      const { url } = await launching;
      onChange();
      if (url !== before.url) onLost('PostgreSQL came back at another port');
    } catch (error) {
      onLost(error instanceof Error ? error.message : String(error));
    }
  }

  return {
    start: async () => {
      launching = launch();
      return (await launching).url;
    },
    stop: async () => {
      state.stopping = true;
      const running = await launching?.catch(() => undefined);
      await running?.stop();
    },
    pids: () => current && { pid: current.serverPid(), watcherPid: current.process.pid },
  };
}
