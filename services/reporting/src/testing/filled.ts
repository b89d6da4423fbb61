import type { PrismaClient } from '../gen/prisma/client.js';

/** The first row of `fill` was created then, and each of the others a second after the one before. */
export const FIRST_CREATED_AT = new Date('2026-01-01T00:00:00.000Z');

/** By number: each hundredth is pending, each tenth of the others rejected, each hundredth known by its transaction alone. */
const INSERT = `
  INSERT INTO order_reports
    (id, client_id, address, currency, status, total, lines, order_version, created_at, updated_at, transaction_id,
     transaction_state, transaction_amount, transaction_currency, transaction_version, processed_at)
  SELECT md5(n::text)::uuid, n % 1000 + 1, 'Calle "' || n || '", piso 2' || repeat('x', $2::int), 'EUR',
         CASE WHEN n % 100 = 0 THEN 'PENDING' WHEN n % 10 = 0 THEN 'REJECTED' ELSE 'APPROVED' END, 2 * n,
         jsonb_build_array(jsonb_build_object('sku', 'A-' || n, 'name', 'Lamp', 'quantity', 2, 'unitPrice', n)),
         2, at, at + interval '1 second', md5('t' || n)::uuid, 'APPROVED', 2 * n, 'EUR', 1, at + interval '1 second'
  FROM (SELECT n, '2026-01-01T00:00:00Z'::timestamptz + (n - 1) * interval '1 second' AS at
        FROM generate_series(1, $1::int) AS n) AS numbered`;

const UNKNOWN = `
  INSERT INTO order_reports (id, transaction_id, transaction_state, transaction_amount, transaction_currency, transaction_version)
  SELECT md5('u' || n)::uuid, md5('t' || n)::uuid, 'APPROVED', 1, 'EUR', 1 FROM generate_series(1, $1::int / 100) AS n`;

/** Writes so many reports, each with so many characters more than it needs, and those of unknown orders beside. */
export async function fill(prisma: PrismaClient, rows: number, { padding = 0 } = {}): Promise<void> {
  await prisma.$executeRawUnsafe('TRUNCATE order_reports');
  await prisma.$executeRawUnsafe(INSERT, rows, padding);
  await prisma.$executeRawUnsafe(UNKNOWN, rows);
  await prisma.$executeRawUnsafe('ANALYZE order_reports');
}
