import type { Line, Order, OrderStatus } from '../domain/order.js';
import type { OrderStore } from '../domain/order-store.js';
import type { Order as OrderRow, Prisma, PrismaClient } from '../gen/prisma/client.js';

/** In the order of the ids, so that two batches with the same orders wait for each other instead of deadlocking. */
const INSERT = `
  INSERT INTO orders (id, client_id, address, currency, status, total, lines, version, created_at, updated_at)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::jsonb[], $8::int[],
                       $9::timestamptz[], $10::timestamptz[]) AS o (id)
  ORDER BY o.id
  ON CONFLICT (id) DO NOTHING
  RETURNING id::text`;

const LOCK = `
  SELECT id::text, client_id AS "clientId", address, currency, status, total, lines, version,
         created_at AS "createdAt", updated_at AS "updatedAt"
  FROM orders WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`;

const UPDATE = `
  UPDATE orders o SET status = n.status, version = n.version, updated_at = n.updated_at
  FROM unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[]) AS n (id, status, version, updated_at)
  WHERE o.id = n.id`;

/** The orders in table `orders`; the hot path writes many rows with one statement. */
export const orderStore: OrderStore<Prisma.TransactionClient> = {
  insert: async (tx, orders) => {
    const inserted = await tx.$queryRawUnsafe<{ id: string }[]>(
      INSERT,
      orders.map((order) => order.id),
      orders.map((order) => String(order.clientId)),
      orders.map((order) => order.address),
      orders.map((order) => order.currency),
      orders.map((order) => order.status),
      orders.map((order) => String(order.total)),
      orders.map((order) => JSON.stringify(order.lines)),
      orders.map((order) => order.version),
      orders.map((order) => order.createdAt.toISOString()),
      orders.map((order) => order.updatedAt.toISOString()),
    );
    const ids = new Set(inserted.map(({ id }) => id));
    return orders.filter(({ id }) => ids.has(id));
  },
  lock: async (tx, ids) => {
    const rows = await tx.$queryRawUnsafe<OrderRow[]>(LOCK, ids);
    return new Map(rows.map((row) => [row.id, toOrder(row)]));
  },
  update: async (tx, orders) => {
    if (orders.length === 0) return;
    await tx.$executeRawUnsafe(
      UPDATE,
      orders.map((order) => order.id),
      orders.map((order) => order.status),
      orders.map((order) => order.version),
      orders.map((order) => order.updatedAt.toISOString()),
    );
  },
};

/** Reads one order, outside of any transaction. */
export function orderReader(prisma: PrismaClient) {
  return async (id: string): Promise<Order | undefined> => {
    const row = await prisma.order.findUnique({ where: { id } });
    return row === null ? undefined : toOrder(row);
  };
}

function toOrder(row: OrderRow): Order {
  return {
    ...row,
    clientId: Number(row.clientId),
    total: Number(row.total),
    status: row.status as OrderStatus,
    lines: row.lines as unknown as Line[],
  };
}
