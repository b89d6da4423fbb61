import { withClient } from '../../postgres/with-client.js';
import type { AnyDatabase, Postgres } from '../../torture/site/postgres.js';
import { samples } from '../floor/sample.js';

/** Orders are this many ms apart: 1,000 a minute. */
const APART_MS = 60;
/** Orders that are written with one statement. */
const AT_ONCE = 20_000;

const LINES = `'[{"sku": "COFFEE-500", "name": "Coffee, whole beans, 500 g", "quantity": 2, "unitPrice": 1299},
  {"sku": "CUP-BLUE", "name": "Cup of blue porcelain", "quantity": 1, "unitPrice": 899}]'::jsonb`;
const TOTAL = 3_497;

/** When order `n` came about: $1 is when the first one did, in ms since 1970. */
const AT = `to_timestamp(($1::float8 + n * ${APART_MS}) / 1000)`;
/** Its ids, as the services make them: version 7. 0 is that of the order and of its command, then those of its messages. */
const id = (kind: number): string =>
  `(lpad(to_hex($1::bigint + n * ${APART_MS}), 12, '0') || '700${kind}8000' || lpad(to_hex(n), 12, '0'))::uuid`;
const ORDER = id(0);
const TRANSACTION = id(5);
const TRACE = `lpad(to_hex(n + 1), 32, '0')`;

const RANGE = 'FROM generate_series($2::bigint, $3::bigint) AS n';
const inbox = (subscription: string, ...messages: number[]): string => `
  INSERT INTO messaging.inbox (subscription, message_id, outcome, handled_at)
  SELECT '${subscription}', m.id, 'done', ${AT} ${RANGE}
  CROSS JOIN LATERAL (VALUES ${messages.map((message) => `(${id(message)})`).join(', ')}) AS m (id)`;

const ADDRESS = `'Calle ' || n % 200 || ' # ' || n % 90 || '-' || n % 99 || ', Bogotá'`;
const ORDER_COLUMNS = `client_id, address, currency, status, total, lines, created_at, updated_at`;
const ORDER_VALUES = `1 + n % 100000, ${ADDRESS}, 'EUR', 'APPROVED', ${TOTAL}, ${LINES}, ${AT}, ${AT}`;

/** Name, state, service, cause and order version of the steps, by the number of their messages. */
const STEPS = [
  [0, 'CrearOrden', 'PENDING', 'bff', 'NULL', 'NULL'],
  [1, 'OrdenCreada', 'PENDING', 'order', ORDER, '1'],
  [2, 'CrearLog', 'APPROVED', 'payment', id(1), 'NULL'],
  [3, 'TransaccionProcesada', 'APPROVED', 'payment', id(1), 'NULL'],
  [4, 'OrdenActualizada', 'APPROVED', 'order', id(3), '2'],
] as const;

/** What each database has of orders that were finished long ago. */
const STATEMENTS: Readonly<Record<Exclude<AnyDatabase, 'broker'>, readonly string[]>> = {
  bff: [
    `INSERT INTO idempotency_keys (client_id, key, body_hash, order_id, expires_at)
     SELECT 1 + n % 100000, ${ORDER}::text, md5(n::text) || md5(n::text), ${ORDER}, ${AT} + interval '24 hours' ${RANGE}`,
  ],
  order: [
    `INSERT INTO orders (id, version, ${ORDER_COLUMNS}) SELECT ${ORDER}, 2, ${ORDER_VALUES} ${RANGE}`,
    inbox('order', 0, 3),
  ],
  payment: [
    `INSERT INTO transactions (id, order_id, kind, amount, currency, state, version, reason, gateway_reference, attempts,
       next_attempt_at, cause_id, correlation_id, traceparent, created_at, updated_at)
     SELECT ${TRANSACTION}, ${ORDER}, 'CHARGE', ${TOTAL}, 'EUR', 'APPROVED', 1, '', 'sim-' || ${TRANSACTION}, 1,
       ${AT}, ${id(1)}, ${ORDER}, '00-' || ${TRACE} || '-b7ad6b7169203331-01', ${AT}, ${AT} ${RANGE}`,
    inbox('payment', 1),
  ],
  gateway: [
    `INSERT INTO charges (idempotency_key, order_id, amount, currency, outcome, reason, reference, charged_at)
     SELECT ${TRANSACTION}, ${ORDER}, ${TOTAL}, 'EUR', 'approved', '', 'sim-' || ${TRANSACTION}, ${AT} ${RANGE}`,
  ],
  reporting: [
    `INSERT INTO order_reports (id, order_version, transaction_id, transaction_state, transaction_amount,
       transaction_currency, transaction_version, processed_at, ${ORDER_COLUMNS})
     SELECT ${ORDER}, 2, ${TRANSACTION}, 'APPROVED', ${TOTAL}, 'EUR', 1, ${AT}, ${ORDER_VALUES} ${RANGE}`,
    inbox('reporting', 1, 3, 4),
  ],
  'saga-log': [
    ...STEPS.map(
      ([message, name, state, service, cause, version]) =>
        `INSERT INTO steps (message_id, order_id, at, service, message, state, detail, causation_id, correlation_id,
           trace_id, order_version, recorded_at)
         SELECT ${id(message)}, ${ORDER}, ${AT}, '${service}', '${name}', '${state}', '', ${cause}, ${ORDER}, ${TRACE},
           ${version}, ${AT} ${RANGE}`,
    ),
    inbox('saga-log', 0, 1, 2, 3, 4),
  ],
};

/** The messages of a topic ($4) behind those that are there, in turn on its partitions, all of them acknowledged. */
const LOG = `
  WITH place AS (
    SELECT t.id, t.partitions, p.number, p.next_offset FROM log.topic t JOIN log.partition p ON p.topic_id = t.id
    WHERE t.name = $4
  ), moved AS (
    UPDATE log.partition p SET next_offset = p.next_offset + ($3::bigint - $2::bigint + pl.partitions - pl.number) / pl.partitions
    FROM place pl WHERE p.topic_id = pl.id AND p.number = pl.number
    RETURNING p.topic_id, p.number, p.next_offset
  ), acknowledged AS (
    UPDATE log.cursor c SET acknowledged = int8multirange(int8range(0, m.next_offset))
    FROM moved m WHERE c.topic_id = m.topic_id AND c.partition = m.number
  )
  INSERT INTO log.message (topic_id, partition, "offset", key, properties, payload, published_at)
  SELECT p.id, p.number, p.next_offset + (n - $2) / p.partitions, ${ORDER}::text, $5::json, $6::bytea, ${AT}
  ${RANGE} JOIN place p ON p.number = (n - $2) % p.partitions`;

/** Fills the databases, and the log in PostgreSQL, with orders that have been finished, from number `from` up to below `to`. */
export async function fill(postgres: Postgres, from: number, to: number): Promise<void> {
  const begunAt = Date.now() - to * APART_MS;
  const names = Object.keys(STATEMENTS) as (keyof typeof STATEMENTS)[];
  // Two at a time, for the log is another one.
  await Promise.all([
    (async () => {
      for (const name of names) await fillDatabase(postgres.urls[name], STATEMENTS[name], begunAt, [from, to]);
    })(),
    fillLog(postgres.urls.broker, begunAt, [from, to]),
  ]);
}

async function fillDatabase(
  url: string,
  statements: readonly string[],
  begunAt: number,
  [from, to]: readonly [number, number],
): Promise<void> {
  await withClient(url, async (client) => {
    for (let first = from; first < to; first += AT_ONCE) {
      const last = Math.min(first + AT_ONCE, to) - 1;
      for (const statement of statements) await client.query(statement, [begunAt, first, last]);
    }
    await client.query('VACUUM ANALYZE');
  });
}

async function fillLog(url: string, begunAt: number, [from, to]: readonly [number, number]): Promise<void> {
  const [sample] = samples(1);
  await withClient(url, async (client) => {
    for (let first = from; first < to; first += AT_ONCE) {
      const last = Math.min(first + AT_ONCE, to) - 1;
      for (const { topic, properties, payload } of sample?.messages ?? []) {
        await client.query(LOG, [begunAt, first, last, topic, JSON.stringify(properties), Buffer.from(payload)]);
      }
    }
    await client.query('VACUUM ANALYZE');
  });
}
