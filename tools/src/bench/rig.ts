import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchCluster } from '../postgres/launch.js';
import { freePort } from '../postgres/ports.js';
import { allReady } from '../start/all-ready.js';
import { logSink } from '../start/log-sink.js';
import { readConfig } from '../start/config.js';
import { findStores, migrateStores, type Stores } from '../start/prepare.js';
import { specsOf } from '../start/specs.js';
import { supervise, type Supervised } from '../start/supervise.js';

/** Some processes of the system, on a PostgreSQL that confirms only what is on disk. */
export interface Rig<Name extends string> extends Stores {
  /** The process ids by name: `postgres`, and each that was started. */
  readonly pids: () => Readonly<Record<Name | 'postgres', number>>;
  /** Where each answers over HTTP. */
  readonly urls: Readonly<Record<Name, string>>;
  /** Stops all and removes the data. */
  readonly close: () => Promise<void>;
}

/** How long in ms a process may take until it is ready. */
const startMs = 60_000;

/** Starts those processes whose names are given, once each. */
export async function startRig<Name extends string>(names: readonly Name[]): Promise<Rig<Name>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'alpes-bench-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(dataDir, 0o755);
  const cluster = await launchCluster(join(dataDir, 'postgres'));
  const processes: Supervised[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop()));
    await cluster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { config } = readConfig([], { DATA_DIR: dataDir, PORT: String(await freePort()) });
    const stores = await findStores(config, cluster.url);
    await migrateStores(stores, config.broker);
    for (const spec of await specsOf(config, stores)) {
      if (!names.some((name) => name === spec.name)) continue;
      const quiet = { ...spec, env: { LOG_LEVEL: 'warn', ...spec.env } };
      processes.push(supervise(quiet, { sink: logSink(process.stderr), onChange: () => {}, startMs }));
    }
    await allReady(processes);
    const byName = <T>(read: (process: Supervised) => T): Record<Name, T> =>
      Object.fromEntries(processes.map((each) => [each.spec.name, read(each)])) as Record<Name, T>;
    return {
      ...{ ...stores, close, urls: byName(({ spec }) => `http://127.0.0.1:${spec.port}`) },
      pids: () => ({ ...byName(({ pid }) => pid() ?? 0), postgres: cluster.serverPid() }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
