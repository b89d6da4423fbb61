import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { type Lab, manyPlaced, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { BATCH_BYTES } from '../size-limit.js';
import { eventually } from '../testing/eventually.js';
import { gate } from '../testing/gate.js';
import { traceIdOf } from '../trace-context.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const outgoing = () => lab.transport.browse('stock', { limit: 1_000 });

describe('a batch', () => {
  it('is handled in one transaction, with its effects, its inbox rows and its outgoing messages', async () => {
    const orders = manyPlaced(10);
    await lab.publish(orders);
    const sizes: number[] = [];
    lab.start({ misbehave: (_message, batchSize) => void sizes.push(batchSize) });
    expect((await lab.writtenAre(10)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    expect(sizes).toEqual(Array(10).fill(10));
    const transactions = await lab.database.prisma.$queryRawUnsafe(
      `SELECT count(*)::int AS rows FROM (SELECT xmin FROM "order" UNION ALL SELECT xmin FROM messaging.inbox) AS rows
       GROUP BY xmin::text`,
    );
    expect(transactions).toEqual([{ rows: 20 }]);
    await eventually(async () => (await outgoing()).length === 10);
  });

  it('of large messages is small, and so is what waits for a retry', async () => {
    const large = 'x'.repeat(500 * 1024);
    const most = Math.ceil(BATCH_BYTES / large.length);
    await lab.publish(manyPlaced(150, { sku: large }));
    const sizes: number[] = [];
    let areRefused = true;
    const warehouse = lab.start({
      settings: { batchSize: 1_000, maxAttempts: 1_000, retry: { firstMs: 1_000, maxMs: 1_000 } },
      misbehave: (_message, batchSize) => {
        sizes.push(batchSize);
        if (areRefused) throw new Error('refused');
      },
    });
    const waiting = async (): Promise<number> => {
      const text = await warehouse.registry.metrics();
      return Number(/^alpes_consumer_waiting_messages\{.*\} (\d+)$/m.exec(text)?.[1]);
    };
    await eventually(async () => (await waiting()) >= 2 * most, { timeoutMs: 30_000 });
    const read = sizes.length;
    // Everything that waits was tried again meanwhile, and nothing more was taken.
    await eventually(() => sizes.length > read + 3 * most, { timeoutMs: 30_000 });
    expect(await waiting()).toBeLessThanOrEqual(3 * most);
    areRefused = false;
    await lab.writtenAre(150, 30_000);
    expect(Math.max(...sizes)).toBe(most);
  });

  it('leaves neither effects nor messages of a try that failed', async () => {
    let tries = 0;
    lab.start({
      misbehave: async (message, _size, tx) => {
        tries += 1;
        if (tries > 2) return;
        const { orderId: id } = message.value;
        await tx.order.create({ data: { id, sku: 'of a failed try', quantity: 1 } });
        throw new Error('after the effect');
      },
    });
    await lab.publish([placed('ana')]);
    await lab.writtenAre(1);
    await eventually(async () => (await outgoing()).length === 1);
    expect(await lab.database.prisma.order.findMany({ select: { sku: true } })).toEqual([{ sku: 'sku' }]);
    expect(tries).toBe(3);
  });
});

describe('a message', () => {
  it('has one effect, delivered again, twice in one batch, or published again', async () => {
    const [once, twice, again] = [placed('ana'), placed('bea'), placed('eva')];
    await lab.publish([once, twice, again, twice, twice]);
    lab.start();
    await lab.writtenAre(3);
    await lab.publish([again, once]);
    await lab.publish([again]);
    await lab.drained();
    expect((await lab.written()).toSorted()).toEqual([once, twice, again].map(orderOf).toSorted());
    await eventually(async () => (await outgoing()).length === 3);
    expect(await lab.letters()).toEqual([]);
  });

  it('has one effect when it is received again, for it was handled and its acknowledgement was lost', async () => {
    const orders = manyPlaced(5);
    const first = lab.start();
    await lab.publish(orders);
    await lab.writtenAre(5);
    await first.stop();
    const client = new Client({ connectionString: lab.logUrl });
    await client.connect();
    await client.query('UPDATE log.cursor SET acknowledged = DEFAULT');
    await client.end();
    expect(await lab.transport.backlog('orders', 'warehouse')).toBe(5);
    lab.start();
    await lab.drained();
    expect(await lab.written()).toHaveLength(5);
  });

  it('has one effect with two replicas, and its trace goes on in what it causes, whatever batch it is in', async () => {
    await lab.close();
    lab = await openLab({ partitions: 4 });
    const replicas = [lab.start(), lab.start()];
    const orders = manyPlaced(200);
    for (let i = 0; i < orders.length; i += 25) await lab.publish(orders.slice(i, i + 25));
    expect((await lab.writtenAre(200)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    await eventually(async () => (await outgoing()).length === 200);
    const traceOf = new Map(orders.map((order) => [orderOf(order), traceIdOf(order.properties['traceparent'])]));
    expect(new Set(traceOf.values()).size).toBe(200);
    for (const { properties, key } of await outgoing()) {
      expect(traceIdOf(properties['traceparent'])).toBe(traceOf.get(key));
      const cause = orders.find((order) => orderOf(order) === key);
      expect(properties['ce_causationid']).toBe(cause?.properties['ce_id']);
      expect(properties['ce_correlationid']).toBe(key);
    }
    const handled = await Promise.all(
      replicas.map(
        async ({ registry }) => (await registry.getSingleMetric('alpes_messages_handled_total')?.get())?.values,
      ),
    );
    expect(handled.flat().reduce((sum, one) => sum + (one?.value ?? 0), 0)).toBeGreaterThanOrEqual(200);
  });
});

describe('a consumer that stops', () => {
  it('finishes the batch in hand, publishes what it led to, and takes no more', async () => {
    const [begun, goOn] = [gate(), gate()];
    await lab.publish(manyPlaced(10));
    const warehouse = lab.start({
      misbehave: async () => {
        begun.open();
        await goOn.passed;
      },
    });
    await begun.passed;
    await lab.publish(manyPlaced(10));
    const stopping = warehouse.stop();
    goOn.open();
    await stopping;
    expect(await lab.written()).toHaveLength(10);
    expect(await outgoing()).toHaveLength(10);
    expect(await lab.transport.backlog('orders', 'warehouse')).toBe(10);
  });
});
