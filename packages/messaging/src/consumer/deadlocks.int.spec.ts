import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Lab, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(240_000);

const SKUS = Array.from({ length: 6 }, (_, index) => `sku ${index}`);
/** How many orders are published at once. */
const WAVE = 300;

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
    const orders: TransportMessage[] = [];
    const publishMore = async (): Promise<void> => {
      const more = Array.from({ length: WAVE }, (_, index) =>
        placed(`customer ${index}`, { sku: SKUS[(index * 7 + Math.floor(index / 5)) % SKUS.length] ?? '' }),
      );
      orders.push(...more);
      await lab.publish(more);
      await lab.writtenAre(orders.length, 60_000);
    };
    // The first to start has all partitions to itself, and nobody to be in its way.
    const meetInDeadlock = async (): Promise<boolean> => {
      await publishMore();
      return (await deadlocks()) > 0;
    };
    await eventually(meetInDeadlock, { timeoutMs: 120_000, what: 'a deadlock has come about' });
    expect((await lab.written()).toSorted()).toEqual(orders.map(orderOf).toSorted());
    await lab.drained(20_000);
    const stock = await lab.database.prisma.stock.findMany();
    expect(stock.reduce((sum, { sold }) => sum + sold, 0)).toBe(orders.length);
    expect(await lab.letters()).toEqual([]);
    expect(await lab.database.prisma.$queryRawUnsafe('SELECT * FROM messaging.attempt')).toEqual([]);
  });
});
