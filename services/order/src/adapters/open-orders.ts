import type { PrismaClient } from '../gen/prisma/client.js';

/** The orders whose life is not at an end. */
export interface OpenOrders {
  /** 0 if there is none. */
  readonly oldestAgeSeconds: number;
  /** How many are older than they should be; many are told as 10,000. */
  readonly overdue: number;
}

/** Both by the index of the open orders; what is not counted to its end takes no longer when it is much. */
const READ = `
  SELECT greatest(0, coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT created_at FROM orders WHERE status = 'PENDING' ORDER BY created_at LIMIT 1)), 0))::float8
           AS "oldestAgeSeconds",
         (SELECT count(*)::int FROM (
           SELECT FROM orders WHERE status = 'PENDING' AND created_at < now() - $1::float8 * interval '1 millisecond'
           LIMIT 10000) AS late) AS overdue`;

export function openOrdersReader(prisma: PrismaClient, dueMs: number) {
  return async (): Promise<OpenOrders> => {
    const [row] = await prisma.$queryRawUnsafe<OpenOrders[]>(READ, dueMs);
    return row ?? { oldestAgeSeconds: 0, overdue: 0 };
  };
}
