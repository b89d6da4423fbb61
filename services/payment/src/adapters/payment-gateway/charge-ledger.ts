import { AlpesError } from '@alpes/messaging';
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

const BOOK = `
  INSERT INTO charges (idempotency_key, order_id, amount, currency, outcome, reason, reference)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (idempotency_key) DO UPDATE SET calls = charges.calls + 1
  RETURNING outcome, reason, reference, calls,
            order_id = $2 AND amount = $3 AND currency = $4 AS "isSame"`;

interface Row {
  outcome: 'approved' | 'rejected';
  reason: string;
  reference: string;
  calls: number;
  isSame: boolean;
}

export function openChargeLedger(connectionString: string, connections: number): ChargeLedger {
  const pool = new Pool({
    ...{ connectionString, max: connections, connectionTimeoutMillis: 5_000, keepAlive: true },
    ...{ lock_timeout: 10_000, query_timeout: 15_000, application_name: 'alpes gateway simulator' },
  });
  // An idle connection that breaks is replaced at the next query, which says what is wrong.
  pool.on('error', () => {});
  return {
    book: async ({ idempotencyKey, orderId, amount, currency }, answer) => {
      const reason = answer.outcome === 'rejected' ? answer.reason : '';
      const reference = answer.outcome === 'approved' ? answer.reference : '';
      const values = [idempotencyKey, orderId, amount, currency, answer.outcome, reason, reference];
      const row = await queryOne(pool, values);
      if (!row.isSame) {
        throw new AlpesError('rule-broken', `the idempotency key ${idempotencyKey} was used for another charge`);
      }
      return { answer: toAnswer(row), calls: row.calls };
    },
    close: () => pool.end(),
  };
}

async function queryOne(pool: Pool, values: unknown[]): Promise<Row> {
  try {
    const { rows } = await pool.query<Row>(BOOK, values);
    const [row] = rows;
    if (row !== undefined) return row;
  } catch (error) {
    throw new AlpesError('unavailable', `the gateway's books: ${AlpesError.from(error).message}`, { cause: error });
  }
  throw new AlpesError('unavailable', "the gateway's books gave no row");
}

function toAnswer({ outcome, reason, reference }: Row): GatewayAnswer {
  return outcome === 'approved' ? { outcome, reference } : { outcome, reason };
}
