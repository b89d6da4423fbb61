import type { ReportRow } from '../domain/report.js';
import type { ReportStore } from '../domain/report-store.js';
import type { Prisma, PrismaClient } from '../gen/prisma/client.js';
import type { Cells } from './copy-text.js';
import { SELECTED, toRow } from './report-row.js';

/** In the order of the ids, so that two batches with the same orders wait for each other instead of deadlocking. */
const UPSERT_ORDERS = `
  INSERT INTO order_reports AS r
         (id, client_id, address, currency, status, total, lines, order_version, created_at, updated_at)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::jsonb[], $8::int[],
                       $9::timestamptz[], $10::timestamptz[]) AS o (id)
  ORDER BY o.id
  ON CONFLICT (id) DO UPDATE
    SET client_id = excluded.client_id, address = excluded.address, currency = excluded.currency,
        status = excluded.status, total = excluded.total, lines = excluded.lines,
        order_version = excluded.order_version, created_at = excluded.created_at, updated_at = excluded.updated_at
    WHERE r.order_version IS NULL OR r.order_version <= excluded.order_version`;

const UPSERT_TRANSACTIONS = `
  INSERT INTO order_reports AS r
         (id, transaction_id, transaction_state, transaction_amount, transaction_currency, transaction_version,
          processed_at)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::int[],
                       $7::timestamptz[]) AS t (id)
  ORDER BY t.id
  ON CONFLICT (id) DO UPDATE
    SET transaction_id = excluded.transaction_id, transaction_state = excluded.transaction_state,
        transaction_amount = excluded.transaction_amount, transaction_currency = excluded.transaction_currency,
        transaction_version = excluded.transaction_version, processed_at = excluded.processed_at
    WHERE r.transaction_version IS NULL OR r.transaction_version <= excluded.transaction_version`;

/** The reports in table `order_reports`; the hot path writes many rows with one statement. */
export const reportStore: ReportStore<Prisma.TransactionClient> = {
  upsertOrders: async (tx, orders) => {
    await tx.$executeRawUnsafe(
      UPSERT_ORDERS,
      orders.map((order) => order.id),
      orders.map((order) => String(order.clientId)),
      orders.map((order) => order.address),
      orders.map((order) => order.currency),
      orders.map((order) => order.status),
      orders.map((order) => String(order.total)),
      orders.map((order) => JSON.stringify(order.lines)),
      orders.map((order) => order.orderVersion),
      orders.map((order) => order.createdAt.toISOString()),
      orders.map((order) => order.updatedAt.toISOString()),
    );
  },
  upsertTransactions: async (tx, transactions) => {
    await tx.$executeRawUnsafe(
      UPSERT_TRANSACTIONS,
      transactions.map((transaction) => transaction.id),
      transactions.map((transaction) => transaction.transactionId),
      transactions.map((transaction) => transaction.transactionState),
      transactions.map((transaction) => String(transaction.transactionAmount)),
      transactions.map((transaction) => transaction.transactionCurrency),
      transactions.map((transaction) => transaction.transactionVersion),
      transactions.map((transaction) => transaction.processedAt.toISOString()),
    );
  },
};

const SELECT = `SELECT ARRAY[${SELECTED}] AS cells FROM order_reports AS r WHERE r.id = $1::uuid AND r.order_version IS NOT NULL`;

/** Reads the report of one order; undefined as long as no event has told of the order itself. */
export function reportReader(prisma: PrismaClient) {
  return async (id: string): Promise<ReportRow | undefined> => {
    const [row] = await prisma.$queryRawUnsafe<{ readonly cells: Cells }[]>(SELECT, id);
    return row === undefined ? undefined : toRow(row.cells);
  };
}
