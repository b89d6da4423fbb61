import { createSweep } from '@alpes/messaging';
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
      AND next_attempt_at >= timestamptz 'epoch' + $4::bigint * interval '1 millisecond'
    ORDER BY next_attempt_at LIMIT $3::int FOR UPDATE SKIP LOCKED
  )
  UPDATE transactions t
  SET lease_owner = $1::uuid, lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
  FROM due WHERE t.id = due.id
  RETURNING ${COLUMNS}, (extract(epoch FROM t.next_attempt_at) * 1000)::float8 AS "dueAtMs"`;

/** A longer list is told as 100,000: to count it all, every few seconds, would take more and more time from working it off. */
const PENDING = `
  SELECT count(*)::int AS pending FROM (SELECT FROM transactions WHERE state = 'PENDING' LIMIT 100000) AS counted`;

type ClaimedRow = Row & { readonly dueAtMs: number };

interface Options {
  readonly prisma: PrismaClient;
  /** How long in ms a claim outlives a worker that stands still. */
  readonly leaseMs: number;
  readonly newId: () => string;
}

/** The pending rows of table `transactions`, outside of any database transaction. */
export function workList({ prisma, leaseMs, newId }: Options): WorkList {
  // What became due long ago is looked for less often than what has just come.
  const sweep = createSweep<number>();
  return {
    claim: async (limit) => {
      const from = sweep.begin(performance.now()) ?? 0;
      const rows = await prisma.$queryRawUnsafe<ClaimedRow[]>(CLAIM, newId(), leaseMs, limit, from);
      const last = rows.length === 0 ? undefined : Math.max(...rows.map(({ dueAtMs }) => dueAtMs));
      sweep.end(performance.now(), last, rows.length === limit);
      return rows.map(({ dueAtMs: _dueAtMs, ...row }) => toTransaction(row));
    },
    pending: async () => {
      const [row] = await prisma.$queryRawUnsafe<{ pending: number }[]>(PENDING);
      return row?.pending ?? 0;
    },
  };
}
