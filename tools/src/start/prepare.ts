import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '@alpes/contracts';
import { AlpesError, migrate, migrateMessaging } from '@alpes/messaging';
import { connectBroker } from '@alpes/service-kit/broker';
import type { BrokerSettings } from '@alpes/service-kit/config';
import { ensureDatabases } from '../postgres/databases.js';
import { ensureRuntimeRoles } from '../postgres/runtime-roles.js';
import { declareTopics } from '../topics/declare-topics.js';
import type { StartConfig } from './config.js';
import { StartFailed } from './start-failed.js';
import { databaseNames, databaseOf, folderOf, root, scalable, type DatabaseName } from './system.js';

/** Where everything is kept. */
export interface Places {
  readonly databases: Readonly<Record<DatabaseName, string>>;
  readonly brokerUrl: string;
}

/** As its owners reach it, who migrate it and look after it, and as every process is told. */
export interface Stores extends Places {
  /** What is ours with roles that read and write rows, and do nothing else. */
  readonly runtime: Places;
}

/** Whether anything is to be kept in a PostgreSQL of our own. */
export function needsCluster({ databaseUrls, broker }: StartConfig): boolean {
  return broker.BROKER_URL === 'embedded:' || databaseNames.some((name) => databaseUrls[name] === undefined);
}

/** Finds every database, making those that are ours to make. `superuserUrl` is that of our cluster, if there is one. */
export async function findStores(config: StartConfig, superuserUrl: string | undefined): Promise<Stores> {
  const own = databaseNames.filter((name) => config.databaseUrls[name] === undefined);
  const { BROKER_URL } = config.broker;
  const wanted = [...own, ...(BROKER_URL === 'embedded:' ? ['broker'] : [])].map(databaseOf);
  const placesIn = (urls: Readonly<Record<string, string>>): Places => ({
    databases: {
      ...Object.fromEntries(own.map((name) => [name, urls[databaseOf(name)] ?? ''])),
      ...config.databaseUrls,
    } as Record<DatabaseName, string>,
    brokerUrl: BROKER_URL === 'embedded:' ? `embedded:${urls[databaseOf('broker')] ?? ''}` : BROKER_URL,
  });
  if (superuserUrl === undefined) return { ...placesIn({}), runtime: placesIn({}) };
  const passwordFile = join(config.dataDir, 'database-passwords.json');
  const owners = await ensureDatabases(superuserUrl, wanted, passwordFile);
  const runtime = await ensureRuntimeRoles(superuserUrl, owners, passwordFile);
  return { ...placesIn(owners), runtime: placesIn(runtime) };
}

/**
 * Brings every database and the broker to what the programs expect; resolves to the number of migrations applied, rejects
 * with StartFailed that names all that can't be reached.
 */
export async function migrateStores({ databases, brokerUrl }: Stores, broker: BrokerSettings): Promise<number> {
  const steps = [
    ...databaseNames.map((name) => named(`the database of ${name}`, migrateDatabase(name, databases[name]))),
    named(
      'the broker',
      prepareBroker({ ...broker, BROKER_URL: brokerUrl }).then(() => []),
    ),
  ];
  const results = await Promise.allSettled(steps);
  const unreachable = results.flatMap((result) => (isUnreachable(result) ? [result.reason.message] : []));
  if (unreachable.length > 0) throw new StartFailed(unreachable.join('\n'));
  return (await Promise.all(steps)).flat().length;
}

const isUnreachable = (result: PromiseSettledResult<unknown>): result is { status: 'rejected'; reason: StartFailed } =>
  result.status === 'rejected' && result.reason instanceof StartFailed;

/** Rejects with StartFailed if it is not there; where else it fails, where that came from is worth knowing. */
async function named<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (AlpesError.from(error).code !== 'unavailable') throw error;
    throw new StartFailed(`${what} can't be used: ${AlpesError.from(error).message}`, { cause: error });
  }
}

/** The gateway's ledger is kept by the simulator, which is payment's. */
const migrationsOf = (name: DatabaseName): string =>
  name === 'gateway' ? 'services/payment/gateway/migrations' : `${folderOf(name)}/prisma/migrations`;

/** Applies what is missing in one database; resolves to the names of the migrations, those of `messaging` first. */
export async function migrateDatabase(name: DatabaseName, url: string): Promise<readonly string[]> {
  const usesMessaging = (scalable as readonly string[]).includes(name);
  const inPackage = usesMessaging ? await migrateMessaging(url) : [];
  const folder = join(root, migrationsOf(name));
  const own = existsSync(folder) ? await migrate(url, folder) : [];
  return [...inPackage, ...own];
}

/** Every topic and subscription exists before anything is published: a topic without subscriptions may forget. */
async function prepareBroker(settings: BrokerSettings): Promise<void> {
  const transport = connectBroker(settings);
  try {
    await declareTopics(transport, catalogue);
  } finally {
    await transport.close();
  }
}
