import { unserved } from '@alpes/messaging/testing';
import { everyGet, MANY_HANDLED } from '@alpes/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPaymentBed, type PaymentBed, type Replica, startReplica } from './testing/payment-service.js';

/** Nothing is due, so that nobody is charged. */
const TRANSACTIONS = `
  INSERT INTO transactions (id, order_id, kind, amount, currency, state, version, reason, gateway_reference, attempts,
                            next_attempt_at, cause_id, correlation_id, traceparent, created_at, updated_at)
  SELECT md5(n::text)::uuid, md5('o' || n)::uuid, 'CHARGE', 1, 'EUR', CASE WHEN n % 1000 = 0 THEN 'PENDING' ELSE 'APPROVED' END,
         1, '', '', 1, now() + interval '1 day', '', '', '', now(), now()
  FROM generate_series(1, 20000) AS n`;

let bed: PaymentBed;
let service: Replica;

beforeAll(async () => {
  bed = await createPaymentBed();
  for (const sql of [MANY_HANDLED, TRANSACTIONS, 'ANALYZE']) await bed.prisma.$executeRawUnsafe(sql);
  service = await startReplica(bed);
}, 60_000);
afterAll(async () => {
  await service.stop();
  await bed.drop();
});

const ask = () => everyGet(service.get, []);

describe('what payment can be asked', () => {
  it('is served by an index, each statement of it', async () => {
    expect(await unserved(bed.env['DATABASE_URL'] ?? '', ask)).toEqual([]);
  });

  it('would be found if it were not', async () => {
    await bed.prisma.$executeRawUnsafe('DROP INDEX transactions_due');
    expect(await unserved(bed.env['DATABASE_URL'] ?? '', ask)).toContainEqual(
      expect.stringMatching(/^Seq Scan on transactions: /),
    );
  });
});
