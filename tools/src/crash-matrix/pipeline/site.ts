import { Client } from 'pg';
import type { Broker } from '../brokers/brokers.js';
import { catalogue } from '../contracts.js';
import type { Workshop } from '../outcome.js';
import type { Scenario, Stage } from '../scenario.js';

/** What the pipeline of one run stands on, and how the judge looks at it. */
export interface Site {
  readonly urls: Readonly<Record<Stage, string>>;
  readonly broker: Broker;
  readonly clients: Readonly<Record<Stage, Client>>;
  /** Names of the accounts. */
  readonly accounts: readonly [string, ...string[]];
  /** Removes the databases; whoever still uses them is thrown out. */
  close(): Promise<void>;
}

export async function openSite({ databases, brokers }: Workshop, scenario: Scenario): Promise<Site> {
  const broker = await brokers.open({ topology: catalogue.topology(), partitions: scenario.partitions });
  const made = await Promise.all([databases.create('stage'), databases.create('stage')]);
  const [source, sink] = made;
  const clients = { source: await connect(source.url), sink: await connect(sink.url) };
  const others = Array.from({ length: scenario.accounts - 1 }, (_, index) => `account-${index + 2}`);
  const accounts: [string, ...string[]] = ['account-1', ...others];
  await clients.source.query('INSERT INTO accounts (id) SELECT unnest($1::text[])', [accounts]);
  return {
    ...{ urls: { source: source.url, sink: sink.url }, broker, clients, accounts },
    close: async () => {
      await Promise.all([clients.source.end(), clients.sink.end()]);
      await Promise.all([broker.close(), ...made.map((database) => database.drop())]);
    },
  };
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  return client;
}
