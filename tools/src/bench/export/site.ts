import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCluster } from '../../postgres/launch.js';
import { freePort } from '../../postgres/ports.js';
import { readConfig } from '../../start/config.js';
import { logSink } from '../../start/log-sink.js';
import { findStores, migrateStores } from '../../start/prepare.js';
import { supervise, type Supervised } from '../../start/supervise.js';
import { systemOf } from '../../start/system.js';

/** The two processes through which an export goes. */
export const exporters = ['reporting', 'bff'] as const;
export type Exporter = (typeof exporters)[number];

/** They, on a PostgreSQL of their own. */
export interface Site {
  /** Of the reporting service. */
  readonly databaseUrl: string;
  readonly urls: Readonly<Record<Exporter, string>>;
  pidOf(name: Exporter): number;
  /** Stops all and removes the data. */
  dispose(): Promise<void>;
}

/** How long in ms a process may take until it is ready. */
const startMs = 60_000;

export async function openSite(): Promise<Site> {
  const dataDir = mkdtempSync(join(tmpdir(), 'alpes-bench-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(dataDir, 0o755);
  const cluster = await launchCluster(join(dataDir, 'postgres'));
  const processes: Supervised[] = [];
  const dispose = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { config } = readConfig([], { DATA_DIR: dataDir });
    const stores = await findStores(config, cluster.url);
    await migrateStores(stores, config.broker);
    const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
    const publicPort = ports.pop() ?? 0;
    const system = systemOf({
      ...{ ...stores, replicas: config.replicas, publicHost: config.host, publicPort },
      nextPort: () => ports.pop() ?? 0,
    });
    for (const spec of system.filter(({ name }) => exporters.some((one) => one === name))) {
      const quiet = { ...spec, env: { LOG_LEVEL: 'warn', ...spec.env } };
      processes.push(supervise(quiet, { sink: logSink(process.stderr), onChange: () => {}, startMs }));
    }
    for (const { started } of processes) {
      const result = await started;
      if (!result.ready) throw new Error(result.said);
    }
    const find = (name: Exporter): Supervised => {
      const found = processes.find(({ spec }) => spec.name === name);
      if (found === undefined) throw new Error(`there is no process "${name}"`);
      return found;
    };
    const urlOf = (name: Exporter): string => `http://127.0.0.1:${find(name).spec.port}`;
    return {
      ...{ databaseUrl: stores.databases.reporting, dispose },
      urls: { reporting: urlOf('reporting'), bff: urlOf('bff') },
      pidOf: (name) => find(name).pid() ?? 0,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
