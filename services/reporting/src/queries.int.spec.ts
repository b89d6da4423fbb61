import { unserved } from '@alpes/messaging/testing';
import { everyGet, MANY_HANDLED } from '@alpes/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { fill } from './testing/filled.js';
import { type ReportingService, startReportingService } from './testing/reporting-service.js';

const PATHS = [
  `/reports/${randomUUID()}`,
  ...['', '?status=PENDING', '?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&status=APPROVED&format=json'].map(
    (query) => `/reports/orders${query}`,
  ),
];

let service: ReportingService;

beforeAll(async () => {
  service = await startReportingService();
  await fill(service.prisma, 20_000);
  for (const sql of [MANY_HANDLED, 'ANALYZE']) await service.prisma.$executeRawUnsafe(sql);
}, 60_000);
afterAll(() => service.stop());

const ask = () => everyGet(service.get, PATHS);

describe('what reporting can be asked', () => {
  it('is served by an index, each statement of it', async () => {
    expect(await unserved(service.databaseUrl, ask)).toEqual([]);
  });

  it('would be found if it were not', async () => {
    await service.prisma.$executeRawUnsafe('DROP INDEX order_reports_created_at_id_idx');
    expect(await unserved(service.databaseUrl, ask)).toContainEqual(
      expect.stringMatching(/^Seq Scan on order_reports: /),
    );
  });
});
