// The rows of all services, written by nothing but `pg`: what the databases can do at best.
import { Client } from 'pg';
import { answerTask } from '../ask-program.js';
import type { DatabaseName } from '../../start/system.js';
import { type Columns, insertInto, run, updateOf } from './bulk.js';
import { type Sample, samples } from './sample.js';

export interface Task {
  /** The URL of each database. */
  readonly urls: Readonly<Record<DatabaseName, string>>;
  readonly orders: number;
  /** Orders whose rows are written together. */
  readonly batch: number;
}

/** What it took, without making up what is written. */
export interface Taken {
  readonly seconds: number;
  /** Of this process. */
  readonly cpuSeconds: number;
}

/** A statement, with a column of values for each column of the table, and a row for each order. */
interface Write {
  readonly text: string;
  readonly columns: readonly ((order: Sample) => unknown)[];
}

type Values = Readonly<Record<string, readonly [type: string, value: (order: Sample) => unknown]>>;

const typesOf = (values: Values): Columns =>
  Object.fromEntries(Object.entries(values).map(([name, [type]]) => [name, type]));
const valuesOf = (values: Values): Write['columns'] => Object.values(values).map(([, value]) => value);
const insert = (table: string, values: Values): Write => ({
  ...{ text: insertInto(table, typesOf(values)), columns: valuesOf(values) },
});
const update = (table: string, values: Values): Write => ({
  ...{ text: updateOf(table, typesOf(values)), columns: valuesOf(values) },
});

const id: Values[string] = ['uuid', (order) => order.id];
const now: Values[string] = ['timestamptz', (order) => order.at];
const fixed = (type: string, value: unknown): Values[string] => [type, () => value];

/** What a subscription notes of the message with this number. */
const inbox = (subscription: string, message: number): Write =>
  insert('messaging.inbox', {
    subscription: fixed('text', subscription),
    message_id: ['uuid', ({ messages }) => messages[message]?.properties['ce_id']],
    outcome: fixed('text', 'done'),
  });
/** The message with this number, on its way to the broker. */
const outbox = (message: number): Write =>
  insert('messaging.outbox', {
    topic: ['text', ({ messages }) => messages[message]?.topic],
    key: ['text', (order) => order.id],
    properties: ['json', ({ messages }) => JSON.stringify(messages[message]?.properties)],
    payload: ['bytea', ({ messages }) => messages[message]?.payload],
  });

const order = {
  ...{ id, client_id: ['bigint', ({ clientId }) => clientId], address: ['text', ({ address }) => address] },
  ...{ currency: ['text', ({ currency }) => currency], total: ['bigint', ({ total }) => total] },
  ...{ lines: ['jsonb', ({ lines }) => lines], created_at: now, updated_at: now },
} satisfies Values;

const step = (message: number): Write =>
  insert('steps', {
    message_id: ['uuid', ({ messages }) => messages[message]?.properties['ce_id']],
    ...{ order_id: id, at: now, service: fixed('text', 'order'), message: fixed('text', 'OrdenCreada') },
    ...{ state: fixed('text', 'PENDING'), detail: fixed('text', '') },
    ...{ causation_id: ['text', (one) => one.id], correlation_id: ['text', (one) => one.id] },
    ...{ trace_id: fixed('text', '0af7651916cd43dd8448eb211c80319c'), order_version: fixed('int', 1) },
  });

const transaction = {
  ...{ id: ['uuid', ({ transactionId }) => transactionId], order_id: id, kind: fixed('text', 'CHARGE') },
  ...{ amount: ['bigint', ({ total }) => total], currency: ['text', ({ currency }) => currency] },
  ...{ state: fixed('text', 'PENDING'), version: fixed('int', 0), reason: fixed('text', '') },
  ...{ gateway_reference: fixed('text', ''), attempts: fixed('int', 0), cause_id: ['text', (one) => one.id] },
  ...{ correlation_id: ['text', (one) => one.id], created_at: now, updated_at: now },
  traceparent: fixed('text', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
} satisfies Values;

/** The transactions of each database, in their order. */
const WORK: Readonly<Record<DatabaseName, readonly (readonly Write[])[]>> = {
  bff: [
    [
      insert('idempotency_keys', {
        ...{ client_id: order.client_id, key: ['text', (one) => one.id], body_hash: fixed('text', 'f'.repeat(64)) },
        ...{ order_id: id, expires_at: now },
      }),
    ],
  ],
  order: [
    [
      inbox('order', 0),
      insert('orders', { ...order, status: fixed('text', 'PENDING'), version: fixed('int', 1) }),
      outbox(1),
    ],
    [
      inbox('order', 3),
      update('orders', { id, status: fixed('text', 'APPROVED'), version: fixed('int', 2), updated_at: now }),
      outbox(4),
    ],
  ],
  payment: [
    [inbox('payment', 1), insert('transactions', transaction)],
    [update('transactions', { id: transaction.id, lease_owner: id, lease_until: now })],
    [
      update('transactions', {
        ...{ id: transaction.id, state: fixed('text', 'APPROVED'), version: fixed('int', 1) },
        ...{ gateway_reference: ['text', (one) => one.id], attempts: fixed('int', 1), updated_at: now },
      }),
      outbox(2),
      outbox(3),
    ],
  ],
  gateway: [
    [
      insert('charges', {
        ...{ idempotency_key: transaction.id, order_id: id, amount: transaction.amount },
        ...{ currency: transaction.currency, outcome: fixed('text', 'approved'), reason: fixed('text', '') },
        reference: ['text', (one) => one.id],
      }),
    ],
  ],
  reporting: [
    [
      inbox('reporting', 1),
      insert('order_reports', { ...order, status: fixed('text', 'PENDING'), order_version: fixed('int', 1) }),
    ],
    [
      inbox('reporting', 3),
      update('order_reports', {
        ...{ id, transaction_id: transaction.id, transaction_state: fixed('text', 'APPROVED') },
        ...{ transaction_amount: transaction.amount, transaction_currency: transaction.currency },
        ...{ transaction_version: fixed('int', 1), processed_at: now },
      }),
    ],
    [
      inbox('reporting', 4),
      update('order_reports', {
        ...{ ...order, status: fixed('text', 'APPROVED'), order_version: fixed('int', 2) },
      }),
    ],
  ],
  'saga-log': [0, 1, 2, 3, 4].map((message) => [inbox('saga-log', message), step(message)]),
};

const PEEK = 'SELECT id, topic, key, properties, payload FROM messaging.outbox ORDER BY id LIMIT $1';
const REMOVE = 'DELETE FROM messaging.outbox WHERE id = ANY ($1::bigint[])';

async function writeAll({ urls, orders, batch }: Task): Promise<Taken> {
  const all = samples(orders);
  const batches = Array.from({ length: Math.ceil(orders / batch) }, (_, n) => all.slice(n * batch, (n + 1) * batch));
  const names = Object.keys(WORK) as DatabaseName[];
  const clients = await Promise.all(names.map((name) => connect(urls[name])));
  const [begunAt, cpu] = [performance.now(), process.cpuUsage()];
  await Promise.all(names.map((name, index) => writeTo(clients[index] as Client, WORK[name], batches)));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begunAt) / 1_000;
  await Promise.all(clients.map((client) => client.end()));
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

async function writeTo(
  client: Client,
  transactions: readonly (readonly Write[])[],
  batches: readonly (readonly Sample[])[],
): Promise<void> {
  const hasOutbox = transactions.some((writes) => writes.some(({ text }) => text.includes('messaging.outbox')));
  for (const batch of batches) {
    for (const [n, writes] of transactions.entries()) {
      await client.query('BEGIN');
      for (const [m, { text, columns }] of writes.entries()) {
        const values = columns.map((value) => batch.map(value));
        await run(client, `write ${n} ${m}`, text, values);
      }
      await client.query('COMMIT');
    }
    if (hasOutbox) await empty(client, batch.length);
  }
}

/** What a relay does to the database. */
async function empty(client: Client, atOnce: number): Promise<void> {
  for (;;) {
    const rows = await run<{ id: string }>(client, 'peek', PEEK, [atOnce]);
    if (rows.length === 0) return;
    await run(client, 'remove', REMOVE, [rows.map((row) => row.id)]);
  }
}

answerTask(writeAll);
