import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderPart } from '../domain/report.js';
import { type ReportingService, startReportingService } from '../testing/reporting-service.js';
import { reportStore } from './report-store.js';

let service: ReportingService;
beforeAll(async () => {
  service = await startReportingService();
}, 30_000);
afterAll(() => service.stop());

const at = new Date('2026-01-01T00:00:00.123Z');
const orders = (version: number, status: OrderPart['status']): OrderPart[] =>
  Array.from({ length: 5 }, (_, index) => ({
    ...{ id: `01890a5d-ac96-774b-bcce-b3020000000${index}`, clientId: 7, address: 'Calle 1', currency: 'EUR', status },
    ...{ total: 1, lines: [], orderVersion: version, createdAt: at, updatedAt: at },
  }));

type Count = Readonly<Record<'updates' | 'hot', number>>;

/** How many updates give orders another state, and how many of them write to no index. */
function updateAll(version: number): Promise<Count> {
  return service.prisma.$transaction(async (tx) => {
    const count = async (): Promise<Count> => {
      const [row] = await tx.$queryRaw<Count[]>`
        SELECT n_tup_upd::int AS updates, n_tup_hot_upd::int AS hot FROM pg_stat_xact_user_tables
        WHERE relname = 'order_reports'`;
      return row ?? { updates: 0, hot: 0 };
    };
    const before = await count();
    await reportStore.upsertOrders(tx, orders(version, 'APPROVED'));
    const { updates, hot } = await count();
    return { updates: updates - before.updates, hot: hot - before.hot };
  });
}

describe('a new state of an order', () => {
  it('is written to no index (HOT); with the state in an index it would be written to each', async () => {
    await service.prisma.$transaction((tx) => reportStore.upsertOrders(tx, orders(1, 'PENDING')));
    expect(await updateAll(2)).toEqual({ updates: 5, hot: 5 });
    await service.prisma.$executeRaw`CREATE INDEX ON order_reports (status, created_at, id)`;
    await service.prisma.$executeRaw`UPDATE order_reports SET status = 'PENDING'`;
    expect(await updateAll(3)).toEqual({ updates: 5, hot: 0 });
  });
});
