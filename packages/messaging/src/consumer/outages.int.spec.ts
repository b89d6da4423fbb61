import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { superviseWarehouse } from '../../fixtures/shop/fork.js';
import { type Lab, manyPlaced, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { takeAway } from '../../fixtures/shop/outage.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab({ partitions: 4 });
});
afterEach(() => lab.close());

const messagesOf = (lines: readonly { level: string; message: string }[], text: string) =>
  lines.filter(({ message }) => message.includes(text)).map(({ level }) => level);

/** One line when an outage begins and one when it ends; a busy machine may have more than one outage. */
const oneLineEach = /^(warn,info,?)+$/;

describe('while its database is away', () => {
  it('a consumer waits, buries nothing, counts nothing, and goes on when it is back', async () => {
    const warehouse = lab.start();
    await lab.publish(manyPlaced(60));
    await lab.writtenAre(60);
    const bringBack = await takeAway(lab.database.url);
    const orders = manyPlaced(40);
    await lab.publish(orders);
    await eventually(() => messagesOf(warehouse.lines, 'database of warehouse').length > 0);
    await eventually(() => messagesOf(warehouse.lines, 'outbox relay').length > 0);
    await expect(warehouse.messaging.check()).rejects.toMatchObject({ code: 'unavailable' });
    await bringBack();
    const written = await lab.writtenAre(100);
    expect(written.slice(60).toSorted()).toEqual(orders.map(orderOf).toSorted());
    await lab.drained();
    await eventually(async () => (await lab.transport.browse('stock', { limit: 1_000 })).length === 100);
    expect(await lab.letters()).toEqual([]);
    for (const what of ['database of warehouse', 'outbox relay']) {
      await eventually(() => oneLineEach.test(messagesOf(warehouse.lines, what).join()));
    }
    await expect(warehouse.messaging.check()).resolves.toBeUndefined();
  });

  it('a consumer can stop', async () => {
    const warehouse = lab.start();
    const bringBack = await takeAway(lab.database.url);
    await lab.publish(manyPlaced(5));
    await eventually(() => messagesOf(warehouse.lines, 'database of warehouse').length > 0);
    await warehouse.stop();
    await bringBack();
    expect(await lab.transport.backlog('orders', 'warehouse')).toBe(5);
  });

  it('a death waits to be recorded, and is not tried again for that', async () => {
    let tries = 0;
    let bringBack: (() => Promise<void>) | undefined;
    const warehouse = lab.start({
      misbehave: async () => {
        tries += 1;
        if (tries === 3) bringBack = await takeAway(lab.database.url);
        throw new Error('broken');
      },
    });
    await lab.publish([placed('ana')]);
    await eventually(() => messagesOf(warehouse.lines, 'could not be buried').length > 0);
    await bringBack?.();
    expect((await lab.lettersAre(1))[0]?.properties).toMatchObject({ dlq_attempts: '3', dlq_error: 'broken' });
    expect(tries).toBe(3);
  });
});

describe('while the broker is away', () => {
  it('nothing is lost, and consumers and relay say once that it is gone and once that it is back', async () => {
    const warehouse = lab.start();
    await lab.publish(manyPlaced(30));
    await lab.writtenAre(30);
    await lab.drained();
    const bringBack = await takeAway(lab.logUrl);
    await warehouse.messaging.inTransaction((tx) => warehouse.messaging.enqueue(tx, [placed('ana')]));
    await eventually(() => messagesOf(warehouse.lines, 'outbox relay').length > 0);
    await eventually(() => messagesOf(warehouse.lines, 'warehouse from orders').length > 0);
    await bringBack();
    await lab.writtenAre(31);
    await lab.publish(manyPlaced(30));
    await lab.writtenAre(61);
    for (const what of ['warehouse from orders', 'outbox relay']) {
      await eventually(() => oneLineEach.test(messagesOf(warehouse.lines, what).join()));
    }
  });
});

describe('a message that kills its process', () => {
  it.each([
    { sku: 'handled', count: 1 },
    { sku: 'handled', count: 2 },
    { sku: 'read', count: 1 },
  ])(
    'when it is $sku is dead after exactly its attempts, while all others are handled once, by $count replicas',
    async ({ sku, count }) => {
      const poison = placed('customer 3', { sku });
      const orders = manyPlaced(80);
      const transportSettings = { leaseMs: 400, pollMs: 50 };
      const replicas = Array.from({ length: count }, () =>
        superviseWarehouse({ databaseUrl: lab.database.url, logUrl: lab.logUrl, transportSettings }),
      );
      try {
        await lab.publish([...orders.slice(0, 60), poison, ...orders.slice(60)]);
        const more = async (): Promise<boolean> => {
          const batch = manyPlaced(8);
          orders.push(...batch);
          await lab.publish(batch);
          return (await lab.letters()).length > 0;
        };
        await eventually(more, { timeoutMs: 60_000, intervalMs: 150 });
        const written = await lab.writtenAre(orders.length, 20_000);
        expect(written.toSorted()).toEqual(orders.map(orderOf).toSorted());
        await lab.drained();
        expect((await lab.letters()).map(({ properties }) => properties)).toEqual([
          expect.objectContaining({
            ...{ ce_id: poison.properties['ce_id'], dlq_reason: 'unknown', dlq_attempts: '3' },
            dlq_error: 'the process ended during the last of 3 attempts',
          }),
        ]);
        // Three tries that were counted, after the one that the others of its batch shared.
        const deaths = replicas.reduce((sum, replica) => sum + replica.deaths(), 0);
        expect(deaths).toBeGreaterThanOrEqual(3);
        expect(deaths).toBeLessThanOrEqual(4);
      } finally {
        await Promise.all(replicas.map((replica) => replica.stop()));
      }
    },
    120_000,
  );
});
