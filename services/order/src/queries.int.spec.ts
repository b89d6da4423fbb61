import { unserved } from '@alpes/messaging/testing';
import { everyGet, MANY_HANDLED } from '@alpes/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type OrderService, startOrderService } from './testing/order-service.js';

const ORDERS = `
  INSERT INTO orders (id, client_id, address, currency, status, total, lines, version, created_at, updated_at)
  SELECT md5(n::text)::uuid, n, 'Calle 1', 'EUR', CASE WHEN n % 1000 = 0 THEN 'PENDING' ELSE 'APPROVED' END, 1, '[]', 1, at, at
  FROM (SELECT n, now() - n * interval '1 second' AS at FROM generate_series(1, 20000) AS n) AS numbered`;

let service: OrderService;

beforeAll(async () => {
  service = await startOrderService();
  for (const sql of [MANY_HANDLED, ORDERS, 'ANALYZE']) await service.prisma.$executeRawUnsafe(sql);
}, 60_000);
afterAll(() => service.stop());

const ask = () => everyGet(service.get, [`/orders/${randomUUID()}`]);

describe('what order can be asked', () => {
  it('is served by an index, each statement of it', async () => {
    expect(await unserved(service.databaseUrl, ask)).toEqual([]);
  });

  it('would be found if it were not', async () => {
    await service.prisma.$executeRawUnsafe('ALTER TABLE orders DROP CONSTRAINT orders_pkey');
    expect(await unserved(service.databaseUrl, ask)).toContainEqual(expect.stringMatching(/^Seq Scan on orders: /));
  });
});
