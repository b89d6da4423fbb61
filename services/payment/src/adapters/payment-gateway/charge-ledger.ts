import { AlpesError, createBatcher } from '@alpes/messaging';
import { Pool } from 'pg';
import type { ChargeRequest, GatewayAnswer } from '../../domain/payment-gateway.js';

/** A charge as the books have it. */
export interface Charge {
  readonly answer: GatewayAnswer;
  /** How often it was asked for, this time included. */
  readonly calls: number;
}

/** The books of the simulated gateway: one row per idempotency key. */
export interface ChargeLedger {
  /** Books a charge; of a key that is booked already it counts the call and changes nothing else. */
  book(request: ChargeRequest, answer: GatewayAnswer): Promise<Charge>;
  close(): Promise<void>;
}

/** One key may be asked for twice at once. In the order of the keys, so that two batches do not deadlock. */
const BOOK = `
  INSERT INTO charges AS c (idempotency_key, order_id, amount, currency, outcome, reason, reference, calls)
  SELECT DISTINCT ON (n.key) n.key, n.order_id, n.amount, n.currency, n.outcome, n.reason, n.reference,
         count(*) OVER (PARTITION BY n.key)
  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY
    AS n (key, order_id, amount, currency, outcome, reason, reference, place)
  ORDER BY n.key, n.place
  ON CONFLICT (idempotency_key) DO UPDATE SET calls = c.calls + excluded.calls
  RETURNING idempotency_key::text AS key, order_id::text AS "orderId", amount::float8 AS amount, currency, outcome,
            reason, reference, calls`;

/** Most charges that are booked with one statement. */
const BATCH_SIZE = 200;

interface Row {
  readonly key: string;
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly outcome: GatewayAnswer['outcome'];
  readonly reason: string;
  readonly reference: string;
}

interface Booked extends Row {
  readonly calls: number;
}

export function openChargeLedger(connectionString: string, connections: number): ChargeLedger {
  const pool = new Pool({
    ...{ connectionString, max: connections, connectionTimeoutMillis: 5_000, keepAlive: true },
    ...{ lock_timeout: 10_000, query_timeout: 15_000, application_name: 'alpes gateway simulator' },
  });
  // An idle connection that breaks is replaced at the next query, which says what is wrong.
  pool.on('error', () => {});
  const batcher = createBatcher(
    (rows: readonly Row[]) => bookAll(pool, rows),
    (waiting) => Math.min(waiting.length, BATCH_SIZE),
  );
  return {
    book: async ({ idempotencyKey: key, orderId, amount, currency }, answer) => {
      const reason = answer.outcome === 'rejected' ? answer.reason : '';
      const reference = answer.outcome === 'approved' ? answer.reference : '';
      const row = await batcher.add({ key, orderId, amount, currency, outcome: answer.outcome, reason, reference });
      if (row.orderId !== orderId || row.amount !== amount || row.currency !== currency) {
        throw new AlpesError('rule-broken', `the idempotency key ${key} was used for another charge`);
      }
      return { answer: toAnswer(row), calls: row.calls };
    },
    close: () => pool.end(),
  };
}

/** What the books have of each, whoever was the first to ask for it. */
async function bookAll(pool: Pool, asked: readonly Row[]): Promise<readonly Booked[]> {
  const columns = ['key', 'orderId', 'amount', 'currency', 'outcome', 'reason', 'reference'] as const;
  const values = columns.map((column) => asked.map((row) => row[column]));
  try {
    const { rows } = await pool.query<Booked>({ name: 'book', text: BOOK, values });
    const booked = new Map(rows.map((row) => [row.key, row]));
    return asked.map(({ key }) => booked.get(key) as Booked);
  } catch (error) {
    throw new AlpesError('unavailable', `the gateway's books: ${AlpesError.from(error).message}`, { cause: error });
  }
}

function toAnswer({ outcome, reason, reference }: Row): GatewayAnswer {
  return outcome === 'approved' ? { outcome, reference } : { outcome, reason };
}
