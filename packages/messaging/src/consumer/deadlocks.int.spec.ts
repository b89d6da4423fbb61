import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Lab, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from '../testing/eventually.js';
import { type Database, openDatabase } from '../transports/embedded/database.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(240_000);

const SKUS = Array.from({ length: 6 }, (_, index) => `sku ${index}`);
/** How many orders are published at once. */
const WAVE = 300;
const [PARTITIONS, REPLICAS] = [8, 4];

let lab: Lab;
let log: Database;
beforeEach(async () => {
  // With one try each, a message is dead once its partition changes hands in the middle of it.
  lab = await openLab({ partitions: PARTITIONS, leaseMs: 60_000 }, { max: 16, options: '-c deadlock_timeout=10ms' });
  log = openDatabase(lab.logUrl);
  await lab.database.prisma.stock.createMany({ data: SKUS.map((sku) => ({ sku })) });
});
afterEach(async () => {
  await log.close();
  await lab.close();
});

/** From then on no partition changes hands, and nobody has them all to himself. */
async function sharesAreEven(): Promise<boolean> {
  const sql = 'SELECT count(*)::int AS partitions FROM log.cursor WHERE owner IS NOT NULL GROUP BY owner';
  const shares = await log.query<{ partitions: number }>(sql);
  return shares.length === REPLICAS && shares.every(({ partitions }) => partitions === PARTITIONS / REPLICAS);
}

/** What PostgreSQL itself counts; it tells of it with a delay. */
async function deadlocks(): Promise<number> {
  const [row] = await lab.database.prisma.$queryRawUnsafe<{ deadlocks: number }[]>(
    'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}

describe('a handler that locks rows in the order of its messages, in many replicas,', () => {
  it('deadlocks, and each message has its effect once: none is dead, and no such try counts', async () => {
    for (let replica = 0; replica < REPLICAS; replica += 1) {
      lab.start({
        settings: { maxAttempts: 1, batchSize: 20 },
        misbehave: async ({ value: { sku } }, _size, tx) => {
          await tx.$executeRawUnsafe('UPDATE stock SET sold = sold + 1 WHERE sku = $1', sku);
        },
      });
    }
    await eventually(sharesAreEven, { timeoutMs: 60_000, what: 'each has its share' });
    const orders: TransportMessage[] = [];
    const publishMore = async (): Promise<void> => {
      const more = Array.from({ length: WAVE }, (_, index) =>
        placed(`customer ${index}`, { sku: SKUS[(index * 7 + Math.floor(index / 5)) % SKUS.length] ?? '' }),
      );
      orders.push(...more);
      await lab.publish(more);
      await lab.writtenAre(orders.length, 60_000);
    };
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
