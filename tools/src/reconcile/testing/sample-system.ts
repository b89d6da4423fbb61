import { catalogue } from '@alpes/contracts';
import { connectTransport, migrate, migrateMessaging, type Transport } from '@alpes/messaging';
import { createTestDatabase } from '@alpes/messaging/testing';
import { brokerSettings, readConfig } from '@alpes/service-kit';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { queryOnce } from '../../postgres/with-client.js';
import type { Places } from '../places.js';
import { type Owner, owners } from '../sources.js';
import type { SampleOrder } from './sample-orders.js';
import { rowsOf } from './write-orders.js';

/** The databases and the broker of a system whose services are at rest. */
export interface SampleSystem {
  readonly places: Places;
  readonly transport: Transport;
  /** Runs a statement as the owner of a database. */
  run(owner: Owner, sql: string, values?: readonly unknown[]): Promise<void>;
  /** Makes everything new, with nothing in it but what these orders leave. */
  reset(orders: readonly SampleOrder[]): Promise<void>;
  dispose(): Promise<void>;
}

const folderOf: Readonly<Record<Owner, string>> = {
  order: 'services/order/prisma/migrations',
  payment: 'services/payment/prisma/migrations',
  reporting: 'services/reporting/prisma/migrations',
  'saga-log': 'services/saga-log/prisma/migrations',
  gateway: 'services/payment/gateway/migrations',
};

const emptied: Readonly<Record<Owner, string>> = {
  order: 'TRUNCATE orders, messaging.outbox, messaging.inbox',
  payment: 'TRUNCATE transactions, messaging.outbox, messaging.inbox',
  reporting: 'TRUNCATE order_reports, messaging.outbox, messaging.inbox',
  'saga-log': 'TRUNCATE steps, messaging.outbox, messaging.inbox',
  gateway: 'TRUNCATE charges',
};

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const EMPTY = 'DROP SCHEMA IF EXISTS messaging CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public';

export async function createSampleSystem(): Promise<SampleSystem> {
  const broker = await createTestDatabase();
  const made = await Promise.all(owners.map(async (owner) => [owner, await createTestDatabase()] as const));
  const databases = Object.fromEntries(made.map(([owner, { url }]) => [owner, url])) as Places['databases'];
  const clients = new Map<Owner, Client>();
  for (const owner of owners) {
    const client = new Client({ connectionString: databases[owner] });
    await client.connect();
    clients.set(owner, client);
  }
  const brokerUrl = `embedded:${broker.url}`;
  const transport = connectTransport(brokerUrl);
  await transport.declare(catalogue.topology());
  /** Those whose tables are not what their migrations made. */
  const altered = new Set<Owner>(owners);
  const run: SampleSystem['run'] = async (owner, sql, values) => {
    if (/^(ALTER|DROP)/.test(sql)) altered.add(owner);
    await clients.get(owner)?.query(sql, values && [...values]);
  };
  const renew = async (owner: Owner): Promise<void> => {
    if (!altered.has(owner)) return run(owner, emptied[owner]);
    await run(owner, EMPTY);
    altered.delete(owner);
    await migrate(databases[owner], `${root}${folderOf[owner]}`);
    if (owner !== 'gateway') await migrateMessaging(databases[owner]);
  };
  return {
    ...{ places: { databases, broker: readConfig(brokerSettings, { BROKER_URL: brokerUrl }) }, transport, run },
    reset: async (orders) => {
      await emptyLog(broker.url);
      await Promise.all(owners.map(renew));
      for (const { owner, sql, values } of orders.flatMap(rowsOf)) await run(owner, sql, values);
    },
    dispose: async () => {
      await transport.close();
      await Promise.all([...clients.values()].map((client) => client.end()));
      await Promise.all([broker, ...made.map(([, database]) => database)].map((database) => database.drop()));
    },
  };
}

/** Topics and subscriptions stay. */
async function emptyLog(url: string): Promise<void> {
  await queryOnce(
    url,
    `DELETE FROM log.message; UPDATE log.partition SET next_offset = 0; UPDATE log.cursor SET acknowledged = '{}'`,
  );
}
