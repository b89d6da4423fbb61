import { setTimeout as wait } from 'node:timers/promises';
import { allReady } from './all-ready.js';
import type { StartConfig } from './config.js';
import { keepCluster, type KeptCluster } from './keep-cluster.js';
import type { LogSink } from './log-sink.js';
import { findStores, migrateStores, needsCluster, type Stores } from './prepare.js';
import { specsOf } from './specs.js';
import { removeState, writeState, type SystemState } from './state-file.js';
import { supervise, type Supervised } from './supervise.js';
import { reachableHost } from './system.js';
import { tellStep } from './tell-step.js';

/** A system that runs or is about to. */
export interface System {
  /** Of the BFF. */
  readonly url: string;
  /** Resolves when every process is ready; rejects with StartFailed. */
  readonly start: () => Promise<void>;
  /** Ends all: the processes side by side, then PostgreSQL. */
  readonly stop: () => Promise<void>;
  /** The same without asking. */
  readonly kill: () => Promise<void>;
}

/** How long in ms a process may take until it is ready the first time. */
const startMs = 60_000;

/** `onLost` is told when the system can't go on. */
export function createSystem(config: StartConfig, sink: LogSink, onLost: (why: string) => void): System {
  const url = `http://${reachableHost(config.host)}:${config.port}`;
  const cluster = keepCluster({ dataDir: config.dataDir, sink, onChange: remember, onLost });
  let stores: Stores | undefined;
  let processes: readonly Supervised[] = [];
  let stopping = false;

  async function start(): Promise<void> {
    const superuserUrl = needsCluster(config) ? await tellStep('PostgreSQL started', cluster.start) : undefined;
    const found = await tellStep('databases ready', () => findStores(config, superuserUrl));
    await tellStep(
      (count) => `migrations applied: ${count}`,
      () => migrateStores(found, config.broker),
    );
    const specs = await specsOf(config, found.runtime);
    if (stopping) return;
    stores = found;
    processes = specs.map((spec) => supervise(spec, { sink, onChange: remember, startMs }));
    remember();
    await tellStep('processes ready', () => allReady(processes));
  }

  function remember(): void {
    if (stores === undefined || stopping) return;
    writeState(config.dataDir, stateOf(url, stores, processes, cluster));
  }

  async function end(endProcesses: () => Promise<void>): Promise<void> {
    stopping = true;
    await endProcesses();
    await cluster.stop();
    removeState(config.dataDir);
  }

  return {
    url,
    start,
    stop: () => end(() => stopAll(processes, config.graceMs, sink)),
    kill: () =>
      end(async () => {
        for (const each of processes) each.kill();
      }),
  };
}

function stateOf(
  url: string,
  { databases, brokerUrl }: Stores,
  processes: readonly Supervised[],
  cluster: KeptCluster,
): SystemState {
  const faker = processes.find(({ spec }) => spec.name === 'client-faker');
  const postgres = cluster.pids();
  const isLog = brokerUrl.startsWith('embedded:');
  return {
    supervisorPid: process.pid,
    url,
    fakerUrl: `http://127.0.0.1:${faker?.spec.port ?? 0}`,
    brokerUrl,
    processes: processes.map(({ spec, pid }) => ({ name: spec.name, pid: pid(), port: spec.port })),
    ...(postgres !== undefined && { postgres }),
    databases: { ...databases, ...(isLog && { broker: brokerUrl.slice('embedded:'.length) }) },
  };
}

/** Asks all at once; who has not ended in time is killed. */
async function stopAll(processes: readonly Supervised[], graceMs: number, sink: LogSink): Promise<void> {
  const controller = new AbortController();
  const late = wait(graceMs, undefined, { signal: controller.signal }).then(
    () => {
      for (const each of processes) {
        if (each.pid() === undefined) continue;
        sink.say('warn', `${each.spec.name} did not end within ${graceMs} ms: killing it`);
        each.kill();
      }
    },
    () => {},
  );
  await Promise.all(processes.map((each) => each.stop()));
  controller.abort();
  await late;
}
