import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { catalogue, OrderPlacedSchema, StockTakenSchema } from '../fixtures/shop/contracts.js';
import type { Tx } from '../fixtures/shop/database.js';
import { type Lab, manyPlaced, openLab, orderOf, placed } from '../fixtures/shop/lab.js';
import { recordingLogger } from '../fixtures/recording-logger.js';
import { QUICK } from '../fixtures/shop/warehouse.js';
import { on } from './consumer/delivery.js';
import { createMessaging } from './messaging.js';
import type { TransportMessage } from './publisher.js';
import { AlpesError } from './errors.js';
import { eventually } from './testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

async function valueOf(registry: Registry, name: string, labels: Record<string, string> = {}): Promise<number> {
  const metric = await registry.getSingleMetric(name)?.get();
  const found = metric?.values.find((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value));
  return found?.value ?? Number.NaN;
}

const stockTaken = (count: number): TransportMessage[] =>
  manyPlaced(count).map((order) => {
    const cause = { id: 'a request', correlationId: 'a request', traceparent: '' };
    return catalogue.compose(StockTakenSchema, { orderId: orderOf(order) }, { source: 'warehouse', cause });
  });
const published = async () => (await lab.transport.browse('stock', { limit: 10_000 })).length;

describe('two replicas', () => {
  // Nothing here may be owed to polling: it is far slower than the test.
  const patient = { relayPollMs: 60_000, relayLeaseMs: 300_000 };

  it('wake the relay of the other, and take over from it at once when it stops', async () => {
    const isActive = ({ registry }: { registry: Registry }) => valueOf(registry, 'alpes_outbox_relay_active');
    const first = lab.start({ settings: patient });
    await eventually(async () => (await isActive(first)) === 1);
    const second = lab.start({ settings: patient });
    for (const round of [1, 2, 3]) {
      await second.messaging.inTransaction((tx) => second.messaging.enqueue(tx, stockTaken(10)));
      await eventually(async () => (await published()) === round * 10);
    }
    expect(await isActive(second)).toBe(0);
    await eventually(async () => (await valueOf(first.registry, 'alpes_outbox_relayed_total')) === 30);
    await first.stop();
    await eventually(async () => (await isActive(second)) === 1);
    await second.messaging.inTransaction((tx) => second.messaging.enqueue(tx, stockTaken(1)));
    await eventually(async () => (await published()) === 31);
  });
});

describe('a transaction', () => {
  it('has its rows and its messages, or neither', async () => {
    const { messaging } = lab.start();
    const work = (fails: boolean) =>
      messaging.inTransaction(async (tx) => {
        await tx.stock.create({ data: { sku: 'a' } });
        await messaging.enqueue(tx, stockTaken(1));
        if (fails) throw new Error('no');
        return 'done';
      });
    await expect(work(true)).rejects.toThrow('no');
    expect(await work(false)).toBe('done');
    await eventually(async () => (await published()) === 1);
    expect(await lab.database.prisma.stock.count()).toBe(1);
  });

  it('does not count as committed if it swallowed the error of a statement', async () => {
    const { messaging } = lab.start();
    await lab.database.prisma.stock.create({ data: { sku: 'a' } });
    const swallowing = messaging.inTransaction(async (tx) => {
      await messaging.enqueue(tx, stockTaken(1));
      await tx.stock.create({ data: { sku: 'a' } }).catch(() => 'it is there already');
    });
    await expect(swallowing).rejects.toThrow('a statement of the transaction failed and its error was swallowed');
  });
});

describe('messaging', () => {
  it('counts what it handles, fails, buries and relays, and what waits', async () => {
    const labels = { message: 'shop.v1.OrderPlaced', subscription: 'warehouse' };
    const poison = placed('ana');
    const { registry } = lab.start({
      misbehave: ({ envelope }) => {
        if (envelope.id === poison.properties['ce_id']) throw new Error('broken');
      },
    });
    await lab.publish([...manyPlaced(4), poison]);
    await lab.lettersAre(1);
    await lab.drained();
    expect(await valueOf(registry, 'alpes_messages_handled_total', labels)).toBe(4);
    expect(await valueOf(registry, 'alpes_messages_failed_total', labels)).toBe(3);
    const dead = { ...labels, reason: 'unknown' };
    expect(await valueOf(registry, 'alpes_messages_dead_lettered_total', dead)).toBe(1);
    await eventually(async () => (await valueOf(registry, 'alpes_outbox_relayed_total')) === 5);
    expect(await valueOf(registry, 'alpes_outbox_pending')).toBe(0);
    expect(await valueOf(registry, 'alpes_consumer_lag_messages', { topic: 'orders' })).toBe(0);
    expect(await registry.metrics()).toContain('messaging_process_duration_seconds_bucket');
  });

  it('says at the first question what waits in the outbox since when, and what nobody consumes', async () => {
    const { registry } = lab.start();
    const topic = { topic: 'orders', message: 'shop.v1.OrderPlaced', subscription: 'warehouse' };
    const unattended = () => valueOf(registry, 'alpes_consumer_unattended_partitions', topic);
    await eventually(async () => (await unattended()) === 0);
    const [message] = stockTaken(1);
    if (message === undefined) throw new Error('no message');
    await lab.database.prisma.$executeRaw`
      INSERT INTO messaging.outbox (topic, key, properties, payload, created_at)
      VALUES ('no-such-topic', ${message.key}, '{}', ${message.payload}, now() - interval '1 hour')`;
    const text = await registry.metrics();
    expect(text).toMatch(/^alpes_outbox_pending 1$/m);
    expect(text).toMatch(/^alpes_outbox_oldest_age_seconds 36\d\d/m);
  });

  it('says how many messages wait for a retry, and behind one that does', async () => {
    const message = placed('ana');
    const { registry } = lab.start({
      misbehave: () => {
        throw new AlpesError('conflict', 'not now');
      },
    });
    await lab.publish([message]);
    const waiting = () => valueOf(registry, 'alpes_consumer_waiting_messages', { topic: 'orders' });
    await eventually(async () => (await waiting()) === 1);
    await lab.publish([placed('ana'), placed('ana')]);
    await eventually(async () => (await waiting()) === 3);
  });

  it('calls back when a transaction of a subscription has committed, and not when it failed', async () => {
    const { prisma, url: databaseUrl } = lab.database;
    const messaging = createMessaging<Tx>({
      ...{ service: 'warehouse', prisma, databaseUrl, transport: lab.transport, catalogue, settings: QUICK },
      ...{ logger: recordingLogger().logger, registry: new Registry() },
    });
    const seen: number[] = [];
    let tries = 0;
    const handle = async (_messages: unknown, tx: Tx): Promise<void> => {
      tries += 1;
      await tx.stock.create({ data: { sku: 'a' } });
      if (tries === 1) throw new Error('not yet');
    };
    const committed = (): void => void prisma.stock.count().then((count) => seen.push(count));
    messaging.start([on(OrderPlacedSchema, { parse: (body) => body, handle, committed })]);
    await lab.publish([placed('ana')]);
    await eventually(() => seen.length > 0);
    expect({ seen, tries }).toEqual({ seen: [1], tries: 2 });
    await messaging.stop();
  });

  it('is not healthy once its outbox stands still', async () => {
    const { messaging } = lab.start({ settings: { stalledAfterSeconds: 0.2 } });
    await expect(messaging.check()).resolves.toBeUndefined();
    const unknown = { ...placed('ana'), topic: 'nobody declared it' };
    await messaging.inTransaction((tx) => messaging.enqueue(tx, [unknown]));
    await eventually(() =>
      messaging.check().then(
        () => false,
        () => true,
      ),
    );
    await expect(messaging.check()).rejects.toMatchObject({
      ...{ code: 'unavailable', message: expect.stringMatching(/1 messages wait, the oldest for \d+ s/) },
    });
  });

  it('does not start with a subscription that the contract does not give it', () => {
    const { prisma, url: databaseUrl } = lab.database;
    const messaging = createMessaging({
      ...{ service: 'accounting', prisma, databaseUrl, transport: lab.transport, catalogue, settings: QUICK },
      ...{ logger: recordingLogger().logger, registry: new Registry() },
    });
    const definition = on(OrderPlacedSchema, { parse: (body) => body, handle: async () => {} });
    expect(() => messaging.start([definition])).toThrow(
      'accounting subscribes to shop.v1.OrderPlaced, but its route names warehouse, mailer',
    );
  });
});
