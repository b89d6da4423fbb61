import { catalogue } from '@alpes/contracts';
import type { Transport } from '@alpes/messaging';
import { Client } from 'pg';
import type { Workshop } from '../outcome.js';
import type { Scenario } from '../scenario.js';
import { LEASE_MS, LOCK_TIMEOUT_MS, POLL_MS, RETRY } from '../timing.js';

/** What the payment service of one run stands on. */
export interface Site {
  /** The service's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly payment: Client;
  readonly books: Client;
  readonly transport: Transport;
  close(): Promise<void>;
}

export async function openSite({ databases, brokers }: Workshop, scenario: Scenario): Promise<Site> {
  const broker = await brokers.open({ topology: catalogue.topology(), partitions: scenario.partitions });
  const made = await Promise.all([databases.create('payment'), databases.create('books')]);
  const [database, ledger] = made;
  const [payment, books] = await Promise.all([connect(database.url), connect(ledger.url)]);
  return {
    ...{ payment, books, transport: broker.transport },
    env: { ...environment(scenario), ...broker.env, DATABASE_URL: database.url, GATEWAY_DATABASE_URL: ledger.url },
    close: async () => {
      await Promise.all([payment.end(), books.end()]);
      await Promise.all([broker.close(), ...made.map((one) => one.drop())]);
    },
  };
}

function environment({ batchSize }: Scenario): Record<string, string> {
  const times = {
    ...{ RELAY_LEASE_MS: LEASE_MS, RELAY_POLL_MS: POLL_MS },
    ...{ RETRY_FIRST_MS: RETRY.firstMs, RETRY_MAX_MS: RETRY.maxMs, OUTAGE_MAX_MS: RETRY.maxMs },
    ...{ PAYMENT_LEASE_MS: 3 * LEASE_MS, PAYMENT_POLL_MS: POLL_MS, GATEWAY_TIMEOUT_MS: LEASE_MS },
    ...{ PAYMENT_RETRY_FIRST_MS: RETRY.firstMs, PAYMENT_RETRY_MAX_MS: RETRY.maxMs },
    ...{ DATABASE_LOCK_TIMEOUT_MS: LOCK_TIMEOUT_MS, BATCH_SIZE: batchSize, PAYMENT_CONCURRENCY: 5 },
  };
  const texts = Object.entries(times).map(([name, value]) => [name, String(value)] as const);
  return { ...Object.fromEntries(texts), LOG_LEVEL: 'warn', SIMULATOR_LATENCY_MS: '4' };
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  return client;
}
