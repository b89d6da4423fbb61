import type { WorkList } from '../domain/transaction-store.js';
import type { PrismaClient } from '../gen/prisma/client.js';
import { COLUMNS, type Row, toTransaction } from './transaction-store.js';

/**
 * Skips what another replica is just claiming, and what one works on until its lease is over. Times are this database's:
 * the clocks of replicas differ.
 */
const CLAIM = `
  WITH due AS MATERIALIZED (
    SELECT id FROM transactions
    WHERE state = 'PENDING' AND next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())
    ORDER BY next_attempt_at LIMIT $3::int FOR UPDATE SKIP LOCKED
  )
  UPDATE transactions t
  SET lease_owner = $1::uuid, lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
  FROM due WHERE t.id = due.id
  RETURNING ${COLUMNS}`;

const PENDING = `SELECT count(*)::int AS pending FROM transactions WHERE state = 'PENDING'`;

interface Options {
  readonly prisma: PrismaClient;
  /** How long in ms a claim outlives a worker that stands still. */
  readonly leaseMs: number;
  readonly newId: () => string;
}

/** The pending rows of table `transactions`, outside of any database transaction. */
export function workList({ prisma, leaseMs, newId }: Options): WorkList {
  return {
    claim: async (limit) => {
      const rows = await prisma.$queryRawUnsafe<Row[]>(CLAIM, newId(), leaseMs, limit);
      return rows.map(toTransaction);
    },
    pending: async () => {
      const [row] = await prisma.$queryRawUnsafe<{ pending: number }[]>(PENDING);
      return row?.pending ?? 0;
    },
  };
}
