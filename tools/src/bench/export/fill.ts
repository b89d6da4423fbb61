import { withClient } from '../../postgres/with-client.js';

/** Rows as an order of two lines leaves them, a second apart. */
const INSERT = `
  INSERT INTO order_reports
    (id, client_id, address, currency, status, total, lines, order_version, created_at, updated_at, transaction_id,
     transaction_state, transaction_amount, transaction_currency, transaction_version, processed_at)
  SELECT gen_random_uuid(), n % 5000 + 1, 'Calle 100 # 8A-' || n % 97 || ', Bogotá', 'EUR',
         CASE WHEN n % 10 = 0 THEN 'REJECTED' ELSE 'APPROVED' END, 3597,
         '[{"sku": "COFFEE-1", "name": "Coffee, 500 g", "quantity": 2, "unitPrice": 1299},
           {"sku": "CUP-7", "name": "Cup \\"large\\"", "quantity": 1, "unitPrice": 999}]'::jsonb,
         2, at, at + interval '321 ms', gen_random_uuid(), 'APPROVED', 3597, 'EUR', 2, at + interval '300 ms'
  FROM (SELECT n, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 second' AS at
        FROM generate_series(1, $1::int) AS n) AS numbered`;

/** Fills the table of the reports, as nobody else can in so short a time. */
export async function fillReports(databaseUrl: string, rows: number): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(INSERT, [rows]);
    // Not ANALYZE alone: what the first who reads a page would note in it is no part of what is measured.
    await client.query('VACUUM ANALYZE order_reports');
  });
}
