import type { Transaction, TransactionState } from '../domain/transaction.js';
import type { TransactionStore } from '../domain/transaction-store.js';
import type { Prisma, Transaction as TransactionRow } from '../gen/prisma/client.js';

/** In the order of the order ids, so that two batches with the same orders wait for each other instead of deadlocking. */
const INSERT = `
  INSERT INTO transactions (id, order_id, kind, amount, currency, state, version, reason, gateway_reference, attempts,
                            cause_id, correlation_id, traceparent, created_at, updated_at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::text[],
                       $9::text[], $10::int[], $11::text[], $12::text[], $13::text[], $14::timestamptz[],
                       $15::timestamptz[]) AS t (id, order_id)
  ORDER BY t.order_id
  ON CONFLICT (order_id, kind) DO NOTHING`;

/** The columns of a transaction, as the raw statements name them. */
export const COLUMNS = `
  t.id::text, t.order_id::text AS "orderId", t.kind, t.amount, t.currency, t.state, t.version, t.reason,
  t.gateway_reference AS "gatewayReference", t.attempts, t.lease_owner::text AS "leaseOwner", t.cause_id AS "causeId",
  t.correlation_id AS "correlationId", t.traceparent, t.created_at AS "createdAt", t.updated_at AS "updatedAt"`;

const LOCK = `SELECT ${COLUMNS} FROM transactions t WHERE t.id = ANY ($1::uuid[]) ORDER BY t.id FOR UPDATE`;

const UPDATE = `
  UPDATE transactions t
  SET state = n.state, version = n.version, reason = n.reason, gateway_reference = n.gateway_reference,
      attempts = n.attempts, updated_at = n.updated_at, lease_owner = NULL, lease_until = NULL,
      next_attempt_at = clock_timestamp() + n.pause_ms * interval '1 millisecond'
  FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::int[], $7::timestamptz[], $8::int[])
    AS n (id, state, version, reason, gateway_reference, attempts, updated_at, pause_ms)
  WHERE t.id = n.id AND t.state = 'PENDING'`;

/** The transactions in table `transactions`; the hot path writes many rows with one statement. */
export const transactionStore: TransactionStore<Prisma.TransactionClient> = {
  insert: async (tx, transactions) => {
    await tx.$executeRawUnsafe(
      INSERT,
      transactions.map((one) => one.id),
      transactions.map((one) => one.orderId),
      transactions.map((one) => one.kind),
      transactions.map((one) => String(one.amount)),
      transactions.map((one) => one.currency),
      transactions.map((one) => one.state),
      transactions.map((one) => one.version),
      transactions.map((one) => one.reason),
      transactions.map((one) => one.gatewayReference),
      transactions.map((one) => one.attempts),
      transactions.map((one) => one.cause.id),
      transactions.map((one) => one.cause.correlationId),
      transactions.map((one) => one.cause.traceparent),
      transactions.map((one) => one.createdAt.toISOString()),
      transactions.map((one) => one.updatedAt.toISOString()),
    );
  },
  lock: async (tx, ids) => {
    const rows = await tx.$queryRawUnsafe<Row[]>(LOCK, ids);
    return new Map(rows.map((row) => [row.id, toTransaction(row)]));
  },
  update: async (tx, changes) => {
    if (changes.length === 0) return;
    const transactions = changes.map(({ transaction }) => transaction);
    await tx.$executeRawUnsafe(
      UPDATE,
      transactions.map((one) => one.id),
      transactions.map((one) => one.state),
      transactions.map((one) => one.version),
      transactions.map((one) => one.reason),
      transactions.map((one) => one.gatewayReference),
      transactions.map((one) => one.attempts),
      transactions.map((one) => one.updatedAt.toISOString()),
      changes.map(({ pauseMs }) => pauseMs),
    );
  },
};

/** What {@link COLUMNS} gives. */
export type Row = Omit<TransactionRow, 'leaseUntil' | 'nextAttemptAt'>;

export function toTransaction(row: Row): Transaction {
  const { leaseOwner, causeId, correlationId, traceparent, amount, ...rest } = row;
  return {
    ...rest,
    kind: 'CHARGE',
    amount: Number(amount),
    state: rest.state as TransactionState,
    cause: { id: causeId, correlationId, traceparent },
    ...(leaseOwner !== null && { lease: leaseOwner }),
  };
}
