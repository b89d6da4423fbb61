import { unserved } from '@alpes/messaging/testing';
import { everyGet, MANY_HANDLED } from '@alpes/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type SagaLogService, startSagaLogService } from './testing/saga-log-service.js';

const STEPS = `
  INSERT INTO steps (message_id, order_id, at, service, message, state, detail, correlation_id, trace_id, order_version, recorded_at)
  SELECT md5(n::text)::uuid, md5((n / 5)::text)::uuid, at, 'order', 'OrdenCreada', 'PENDING', '', '', '', n % 5, at
  FROM (SELECT n, now() - n * interval '10 seconds' AS at FROM generate_series(1, 50000) AS n) AS numbered`;

let service: SagaLogService;

beforeAll(async () => {
  service = await startSagaLogService({ afterMs: 1_000, windowMs: 3_600_000 });
  for (const sql of [MANY_HANDLED, STEPS, 'ANALYZE']) await service.prisma.$executeRawUnsafe(sql);
}, 60_000);
afterAll(() => service.stop());

const ask = () => everyGet(service.get, [`/orders/${randomUUID()}/saga`]);

describe('what saga-log can be asked', () => {
  it('is served by an index, each statement of it', async () => {
    expect(await unserved(service.databaseUrl, ask)).toEqual([]);
  });

  it('would be found if it were not', async () => {
    await service.prisma.$executeRawUnsafe('DROP INDEX "steps_order_id_order_version_idx"');
    expect(await unserved(service.databaseUrl, ask)).toContainEqual(expect.stringMatching(/^Seq Scan on steps: /));
  });
});
