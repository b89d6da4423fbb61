import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCluster } from '../postgres/launch.js';
import { freePort } from '../postgres/ports.js';
import { logSink } from '../start/log-sink.js';
import { readConfig } from '../start/config.js';
import { findStores, migrateStores, type Stores } from '../start/prepare.js';
import { supervise, type Supervised } from '../start/supervise.js';
import { systemOf } from '../start/system.js';

/** Some services of the system, as processes of their own, on a PostgreSQL that confirms only what is on disk. */
export interface Rig extends Stores {
  /** The process ids by name: `postgres`, and each service. */
  readonly pids: () => Readonly<Record<string, number | undefined>>;
  /** Where each service answers over HTTP. */
  readonly urls: readonly string[];
  /** Stops all and removes the data. */
  readonly dispose: () => Promise<void>;
}

/** How long in ms a process may take until it is ready. */
const startMs = 60_000;

/** Starts those services whose names are given, once each. */
export async function startRig(names: readonly string[]): Promise<Rig> {
  const dataDir = mkdtempSync(join(tmpdir(), 'alpes-bench-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(dataDir, 0o755);
  const cluster = await launchCluster(join(dataDir, 'postgres'));
  const { config } = readConfig([], { DATA_DIR: dataDir });
  const stores = await findStores(config, cluster.url);
  await migrateStores(stores, config.broker);
  const ports = await Promise.all(names.map(() => freePort()));
  const system = systemOf({
    ...{ ...stores, replicas: config.replicas, publicHost: config.host, publicPort: config.port },
    nextPort: () => 0,
  });
  const specs = system
    .filter(({ name }) => names.includes(name))
    .map((spec, index) => ({ ...spec, port: ports[index] ?? 0, env: { LOG_LEVEL: 'warn', ...spec.env } }));
  const processes = specs.map((spec) =>
    supervise(spec, { sink: logSink(process.stderr), onChange: () => {}, startMs }),
  );
  const dispose = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await allReady(processes);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    ...{ ...stores, dispose, urls: specs.map(({ port }) => `http://127.0.0.1:${port}`) },
    pids: () => ({
      postgres: cluster.serverPid(),
      ...Object.fromEntries(processes.map(({ spec, pid }) => [spec.name, pid()])),
    }),
  };
}

async function allReady(processes: readonly Supervised[]): Promise<void> {
  for (const { started } of processes) {
    const result = await started;
    if (!result.ready) throw new Error(result.said);
  }
}
