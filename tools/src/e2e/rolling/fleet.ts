import type { BrokerSettings } from '@alpes/service-kit';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { launchCluster, type RunningCluster } from '../../postgres/launch.js';
import { freePort } from '../../postgres/ports.js';
import { databaseVariable, readConfig } from '../../start/config.js';
import { findStores, migrateStores, type Stores } from '../../start/prepare.js';
import { type ProcessSpec, root, systemOf } from '../../start/system.js';
import { IMPATIENT } from '../../start/whole-system.js';
import { type Replica, startReplica } from './replica.js';

/** A system whose replicas are replaced one by one. Those of order, reporting and saga-log come in twos. */
export interface Fleet {
  /** Of the BFF. */
  readonly url: string;
  readonly dataDir: string;
  readonly databases: Stores['databases'];
  readonly broker: BrokerSettings;
  /** What a program has to be told to find the system. */
  readonly places: Readonly<Record<string, string>>;
  /** The replica of this name, such as order-2. */
  replica(name: string): Replica;
  /** Asks it to end, as a deployment does, and starts it from the checkout in `folder`. Resolves to its exit code. */
  replace(name: string, folder: string): Promise<number | null>;
  dispose(): Promise<void>;
}

const REPLICAS = { order: 2, payment: 1, reporting: 2, 'saga-log': 2 };

/** For so long in ms an order waits for its payment: whoever is replaced leaves orders to the other version. */
const PAYMENT_MS = 2_000;

/** Starts the version that is here, with the broker that BROKER_URL names, or the log in PostgreSQL. */
export async function startFleet(): Promise<Fleet> {
  const dataDir = mkdtempSync(join(tmpdir(), 'alpes-rolling-'));
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(dataDir, 0o755);
  // A Pulsar is shared with other tests.
  const own = { DATA_DIR: dataDir, PULSAR_NAMESPACE: basename(dataDir) };
  const replicas = new Map<string, Replica>();
  let cluster: RunningCluster | undefined;
  const dispose = async (): Promise<void> => {
    await Promise.all([...replicas.values()].map((replica) => replica.stop()));
    await cluster?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    cluster = await launchCluster(join(dataDir, 'postgres'));
    const { config } = readConfig([], { BROKER_URL: process.env['BROKER_URL'], ...own });
    const stores = await findStores(config, cluster.url);
    await migrateStores(stores, config.broker);
    const port = await freePort();
    const start = async (spec: ProcessSpec, folder: string): Promise<void> => {
      replicas.set(spec.name, await startReplica(spec, folder, { ...ENVIRONMENT, ...own }));
    };
    const specs = await specsOf(stores, port);
    await Promise.all(specs.map((spec) => start(spec, root)));
    const replica = (name: string): Replica => {
      const found = replicas.get(name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found;
    };
    return {
      ...{ url: `http://127.0.0.1:${port}`, dataDir, replica, dispose },
      ...{ databases: stores.databases, broker: { ...config.broker, BROKER_URL: stores.brokerUrl } },
      places: { ...own, ...placesOf(stores) },
      replace: async (name, folder) => {
        const { spec, stop } = replica(name);
        const code = await stop();
        await start(spec, folder);
        return code;
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const ENVIRONMENT = { ...process.env, NODE_OPTIONS: '', ...IMPATIENT, SIMULATOR_LATENCY_MS: String(PAYMENT_MS) };

async function specsOf(stores: Stores, publicPort: number): Promise<ProcessSpec[]> {
  const ports = new Set<number>();
  while (ports.size < 10) ports.add(await freePort());
  const nextPort = (): number => {
    const [next = 0] = ports;
    ports.delete(next);
    return next;
  };
  const specs = systemOf({ ...stores.runtime, replicas: REPLICAS, publicHost: '127.0.0.1', publicPort, nextPort });
  return specs.filter(({ name }) => name !== 'client-faker');
}

function placesOf({ databases, brokerUrl }: Stores): Record<string, string> {
  const urls = Object.entries(databases).map(([name, url]) => [databaseVariable(name), url] as const);
  return { ...Object.fromEntries(urls), BROKER_URL: brokerUrl };
}
