import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Lab, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

const SKUS = Array.from({ length: 6 }, (_, index) => `sku ${index}`);
const ORDERS = 300;

let lab: Lab;
beforeEach(async () => {
  lab = await openLab({ partitions: 8 }, { max: 16, options: '-c deadlock_timeout=10ms' });
  await lab.database.prisma.stock.createMany({ data: SKUS.map((sku) => ({ sku })) });
});
afterEach(() => lab.close());

/** What PostgreSQL itself counts; it tells of it with a delay. */
async function deadlocks(): Promise<number> {
  const [row] = await lab.database.prisma.$queryRawUnsafe<{ deadlocks: number }[]>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}

describe('a handler that locks rows in the order of its messages, in many replicas,', () => {
  it('deadlocks, and each message has its effect once: none is dead, and no such try counts', async () => {
    for (let replica = 0; replica < 4; replica += 1) {
      lab.start({
        settings: { maxAttempts: 1, batchSize: 20 },
        misbehave: async ({ value: { sku } }, _size, tx) => {
          await tx.$executeRawUnsafe('UPDATE stock SET sold = sold + 1 WHERE sku = $1', sku);
        },
      });
    }
    const orders = Array.from({ length: ORDERS }, (_, index) =>
      placed(`customer ${index}`, { sku: SKUS[(index * 7 + Math.floor(index / 5)) % SKUS.length] ?? '' }),
    );
    await lab.publish(orders);
    expect((await lab.writtenAre(ORDERS, 60_000)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    await lab.drained(20_000);
    await eventually(async () => (await deadlocks()) > 0, { timeoutMs: 20_000 });
    const stock = await lab.database.prisma.stock.findMany();
    expect(stock.reduce((sum, { sold }) => sum + sold, 0)).toBe(ORDERS);
    expect(await lab.letters()).toEqual([]);
    expect(await lab.database.prisma.$queryRawUnsafe('SELECT * FROM messaging.attempt')).toEqual([]);
  });
});
