import { connectTransport, type Transport } from '@alpes/messaging';
import { Client } from 'pg';
import { catalogue } from '../contracts.js';
import type { Databases } from '../databases.js';
import type { Scenario, Stage } from '../scenario.js';

/** What the pipeline of one run stands on, and how the judge looks at it. */
export interface Site {
  readonly urls: Readonly<Record<Stage, string>>;
  readonly brokerUrl: string;
  readonly clients: Readonly<Record<Stage, Client>>;
  readonly transport: Transport;
  /** Names of the accounts. */
  readonly accounts: readonly [string, ...string[]];
  /** Removes the databases; whoever still uses them is thrown out. */
  close(): Promise<void>;
}

export async function openSite(databases: Databases, scenario: Scenario): Promise<Site> {
  const made = await Promise.all([databases.create('stage'), databases.create('stage'), databases.create('log')]);
  const [source, sink, log] = made;
  const brokerUrl = `embedded:${log.url}`;
  const transport = connectTransport(brokerUrl, { partitions: scenario.partitions });
  await transport.declare(catalogue.topology());
  const clients = { source: await connect(source.url), sink: await connect(sink.url) };
  const others = Array.from({ length: scenario.accounts - 1 }, (_, index) => `account-${index + 2}`);
  const accounts: [string, ...string[]] = ['account-1', ...others];
  await clients.source.query('INSERT INTO accounts (id) SELECT unnest($1::text[])', [accounts]);
  return {
    ...{ urls: { source: source.url, sink: sink.url }, brokerUrl, clients, transport, accounts },
    close: async () => {
      await Promise.all([clients.source.end(), clients.sink.end(), transport.close()]);
      await Promise.all(made.map((database) => database.drop()));
    },
  };
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  return client;
}
