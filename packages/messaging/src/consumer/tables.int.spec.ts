import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Tx } from '../../fixtures/shop/database.js';
import { type Lab, manyPlaced, openLab, orderOf, placed, type RunningWarehouse } from '../../fixtures/shop/lab.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab({ partitions: 2 });
});
afterEach(() => lab.close());

/** What the log says of tables, and of messages that failed. */
const said = ({ lines }: RunningWarehouse) =>
  lines.filter(({ message }) => /tables of|failed|counted|dead/.test(message)).map(({ message }) => message);
const [MISSING, BACK] = ['not available, trying until it is', 'available again'].map(
  (what) => `tables of warehouse for orders: ${what}`,
);
const rename = (from: string, to: string) =>
  lab.database.prisma.$executeRawUnsafe(`ALTER TABLE "order" RENAME COLUMN ${from} TO ${to}`);

describe('while a column is missing that every message needs', () => {
  it('all wait, one line says so, nothing is counted, and all is handled when it is there', async () => {
    let alone = 0;
    await rename('quantity', 'amount');
    const warehouse = lab.start({
      misbehave: (_, batchSize) => {
        if (batchSize === 1) alone += 1;
      },
    });
    const orders = ['a', 'b', 'c', 'd'].flatMap((sku) => manyPlaced(15, { sku }));
    await lab.publish(orders.slice(0, 30));
    await eventually(() => alone > 4);
    await lab.publish(orders.slice(30));
    await eventually(() => alone > 9);
    expect(said(warehouse)).toEqual([MISSING]);
    await expect(warehouse.messaging.checkTables()).rejects.toMatchObject({
      ...{ code: 'unavailable', message: expect.stringMatching(/^messages of orders wait: .*quantity/) },
    });
    await rename('amount', 'quantity');
    const written = await lab.writtenAre(60);
    for (let customer = 0; customer < 15; customer += 1) {
      const own = orders.filter(({ key }) => key === placed(`customer ${customer}`).key).map(orderOf);
      expect(own).toHaveLength(4);
      expect(written.filter((id) => own.includes(id))).toEqual(own);
    }
    await lab.drained();
    expect(said(warehouse)).toEqual([MISSING, BACK]);
    await expect(warehouse.messaging.checkTables()).resolves.toBeUndefined();
    expect(await lab.letters()).toEqual([]);
  });

  it('a table of messaging likewise', async () => {
    const { prisma } = lab.database;
    await prisma.$executeRawUnsafe('ALTER TABLE messaging.attempt RENAME TO late');
    const warehouse = lab.start();
    for (const order of manyPlaced(5)) await lab.publish([order]);
    await eventually(() =>
      warehouse.messaging.checkTables().then(
        () => false,
        () => true,
      ),
    );
    expect(said(warehouse)).toEqual([MISSING]);
    await prisma.$executeRawUnsafe('ALTER TABLE messaging.late RENAME TO attempt');
    await lab.writtenAre(5);
    await lab.drained();
    expect(await lab.letters()).toEqual([]);
  });
});

describe('a message whose handling needs a column that there is not', () => {
  let tries: number;
  const naming = (poison: TransportMessage) => ({
    misbehave: async ({ envelope: { id } }: { envelope: { id: string } }, _: number, tx: Tx) => {
      if (id !== poison.properties['ce_id']) return;
      tries += 1;
      await tx.$executeRawUnsafe('SELECT colour FROM "order"');
    },
  });
  beforeEach(() => {
    tries = 0;
  });

  it('is dead after its attempts, while others are handled, and then lets go of its key', async () => {
    const poison = placed('ana');
    const warehouse = lab.start(naming(poison));
    const orders = [...manyPlaced(8), placed('ana')];
    await lab.publish([poison, ...orders]);
    const more = async (): Promise<boolean> => {
      const batch = manyPlaced(3, { sku: 'more' });
      orders.push(...batch);
      await lab.publish(batch);
      return (await lab.letters()).length > 0;
    };
    await eventually(more, { timeoutMs: 30_000, intervalMs: 50 });
    expect((await lab.writtenAre(orders.length)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    await lab.drained();
    expect((await lab.letters()).map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        ...{ ce_id: poison.properties['ce_id'], dlq_reason: 'unknown', dlq_attempts: '3' },
        dlq_error: expect.stringContaining('colour'),
      }),
    ]);
    await expect(warehouse.messaging.checkTables()).resolves.toBeUndefined();
  });

  it('waits while it is the only one, for nobody knows that it is', async () => {
    const poison = placed('ana');
    const warehouse = lab.start(naming(poison));
    await lab.publish([poison]);
    await eventually(() => tries > 5);
    expect(await lab.letters()).toEqual([]);
    expect(said(warehouse)).toEqual([MISSING]);
    await expect(warehouse.messaging.checkTables()).rejects.toMatchObject({ code: 'unavailable' });
    const orders = manyPlaced(5);
    for (const order of orders) await lab.publish([order]);
    await lab.writtenAre(5);
    await expect(warehouse.messaging.checkTables()).resolves.toBeUndefined();
  });
});
