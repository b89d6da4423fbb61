import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { recordingLogger } from '../../fixtures/recording-logger.js';
import { catalogue, type OrderPlaced, OrderPlacedSchema, StockTakenSchema } from '../../fixtures/shop/contracts.js';
import { createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import { type Lab, manyPlaced, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { QUICK } from '../../fixtures/shop/warehouse.js';
import { type Incoming, on } from '../consumer/delivery.js';
import { AlpesError } from '../errors.js';
import type { ReceivedMessage } from '../subscriber.js';
import { createReplay, type Replay, type Replayed, type ReplayedDeath } from './replay.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
let copy: ShopDatabase;
const running: Replay<Tx>[] = [];

beforeEach(async () => {
  lab = await openLab({ partitions: 4 });
  copy = await createShopDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((replay) => replay.stop()));
  await lab.close();
  await copy.drop();
});

/** Replays what the warehouse has handled into the other database. */
async function replayed(handle: (message: Incoming<OrderPlaced>) => void = () => {}, transport = lab.transport) {
  const deaths: ReplayedDeath[] = [];
  const replay = createReplay<Tx>({
    ...{ service: 'warehouse', prisma: copy.prisma, transport, catalogue, settings: QUICK },
    ...{ logger: recordingLogger().logger, onDeath: (death: ReplayedDeath) => void deaths.push(death) },
  });
  running.push(replay);
  await replay.start([
    on(OrderPlacedSchema, {
      parse: (body: OrderPlaced) => {
        if (body.quantity < 1) throw new AlpesError('rule-broken', 'nothing is ordered');
        return body;
      },
      handle: async (messages: readonly Incoming<OrderPlaced>[], tx: Tx) => {
        for (const message of messages) {
          handle(message);
          const { orderId: id, sku, quantity } = message.value;
          await tx.order.create({ data: { id, sku, quantity } });
          const taken = catalogue.compose(
            StockTakenSchema,
            { orderId: id },
            { source: 'warehouse', cause: message.envelope },
          );
          await replay.enqueue(tx, [taken]);
        }
      },
    }),
  ]);
  return { replay, deaths };
}

/** The broker of the lab, over which the next attempt to receive fails once `tear` was called. */
function tearable() {
  let isTorn = false;
  const subscribe: typeof lab.transport.subscribe = async (options) => {
    const inner = await lab.transport.subscribe(options);
    const receive: typeof inner.receive = async (...args) => {
      if (!isTorn) return inner.receive(...args);
      isTorn = false;
      throw new Error('the subscription is lost');
    };
    return { ...inner, receive };
  };
  return { transport: { ...lab.transport, subscribe }, tear: () => (isTorn = true), isTorn: () => isTorn };
}

const rows = async <Row>(sql: string): Promise<Row[]> => copy.prisma.$queryRawUnsafe<Row[]>(sql);
const written = async (): Promise<string[]> =>
  (await rows<{ id: string }>('SELECT id::text FROM "order" ORDER BY n')).map(({ id }) => id);
const outcomes = () => rows('SELECT outcome, count(*)::int AS count FROM messaging.inbox GROUP BY outcome ORDER BY 1');
const readOf = (done: Replayed): number =>
  done.flatMap(({ partitions }) => partitions).reduce((sum, { read }) => sum + read, 0);
async function inLog<Row extends object>(sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: lab.logUrl });
  await client.connect();
  const result = await client.query<Row>(sql);
  await client.end();
  return result.rows;
}
/** All that a broker remembers of who reads and what was published. */
const traces = () =>
  inLog(`SELECT (SELECT array_agg(DISTINCT subscription) FROM log.cursor) AS subscriptions,
                (SELECT json_agg(acknowledged::text ORDER BY topic_id, subscription, partition) FROM log.cursor) AS cursors,
                (SELECT count(*)::int FROM log.member) AS members,
                (SELECT json_agg(next_offset ORDER BY topic_id, number) FROM log.partition) AS ends`);

describe('a replay', () => {
  it('handles all that is there, each key in its order, and leaves no trace at the broker', async () => {
    const customers = ['ana', 'bea', 'eva', 'lia', 'mia'];
    const messages = Array.from({ length: 60 }, (_, index) => placed(customers[index % customers.length] ?? ''));
    await lab.publish(messages);
    const before = await traces();
    const { replay } = await replayed();
    const done = await replay.catchUp();
    const order = await written();
    expect(order.toSorted()).toEqual(messages.map(orderOf).toSorted());
    for (const customer of customers) {
      const theirs = messages.filter(({ key }) => key === customer).map(orderOf);
      expect(order.filter((id) => theirs.includes(id))).toEqual(theirs);
    }
    const ends = (await lab.transport.extents('orders')).map(({ end }) => end);
    expect(done.map(({ topic, partitions }) => [topic, partitions.map(({ last }) => last)])).toEqual([
      ['orders', ends],
    ]);
    expect(readOf(done)).toBe(60);
    await replay.stop();
    expect(await traces()).toEqual(before);
    expect(await outcomes()).toEqual([{ outcome: 'done', count: 60 }]);
    expect(await rows('SELECT * FROM messaging.outbox')).toEqual([]);
  });

  it('rests until it is told to go on, and goes on where it was', async () => {
    await lab.publish(manyPlaced(10));
    const { replay } = await replayed();
    expect(readOf(await replay.catchUp())).toBe(10);
    const more = manyPlaced(10);
    await lab.publish(more);
    await replay.catchUp();
    expect(await written()).toHaveLength(20);
    await lab.publish(manyPlaced(5));
    const told: ReceivedMessage[] = [];
    const done = await replay.catchUp((message) => void told.push(message));
    expect([readOf(done), told.length]).toEqual([25, 5]);
    expect(readOf(await replay.catchUp())).toBe(25);
  });

  it('tells of what is new alone, also when it has to begin at the beginning again', async () => {
    await lab.publish(manyPlaced(20));
    const { transport, tear, isTorn } = tearable();
    const { replay } = await replayed(undefined, transport);
    await replay.catchUp();
    const more = manyPlaced(10);
    await lab.publish(more);
    tear();
    const told: ReceivedMessage[] = [];
    const done = await replay.catchUp((message) => void told.push(message));
    expect(isTorn()).toBe(false);
    expect(told.map(orderOf).toSorted()).toEqual(more.map(orderOf).toSorted());
    expect(readOf(done)).toBe(30);
    expect(await written()).toHaveLength(30);
  });

  it('comes to an end while messages are published without end', async () => {
    const publishing = { over: false };
    const publisher = (async () => {
      // Slower than it is handled, or each round would take longer than the one before.
      for (; !publishing.over; await delay(50)) await lab.publish(manyPlaced(2));
    })();
    await lab.publish(manyPlaced(100));
    const { replay } = await replayed();
    for (let round = 0; round < 3; round += 1) {
      const done = await replay.catchUp();
      expect((await written()).length).toBe(readOf(done));
    }
    publishing.over = true;
    await publisher;
  });

  it('is not stopped by what is dead, tells of it, and writes no letter', async () => {
    const [refused, cursed, good] = [placed('ana', { quantity: 0 }), placed('ana'), placed('ana')];
    await lab.publish([...manyPlaced(20), refused, cursed, good]);
    const { replay, deaths } = await replayed(({ value }) => {
      if (value.orderId === orderOf(cursed)) throw new Error('who knows why');
    });
    await replay.catchUp();
    expect(await written()).toHaveLength(21);
    expect(await written()).toContain(orderOf(good));
    const [first, second] = [refused, cursed].map(({ properties }) => properties['ce_id']);
    expect(deaths).toEqual([
      { topic: 'orders', messageId: first, reason: 'rule-broken', error: 'nothing is ordered' },
      { topic: 'orders', messageId: second, reason: 'unknown', error: 'who knows why' },
    ]);
    expect(await outcomes()).toEqual([
      { outcome: 'dead', count: 2 },
      { outcome: 'done', count: 21 },
    ]);
    expect(await rows('SELECT * FROM messaging.outbox')).toEqual([]);
    expect(await lab.letters()).toEqual([]);
  });

  it('refuses a topic of which the first messages are gone', async () => {
    await lab.publish([placed('ana'), placed('ana'), placed('ana')]);
    const partition = (await lab.transport.browse('orders', { limit: 1 }))[0]?.partition;
    await inLog('DELETE FROM log.message WHERE "offset" < 2');
    const { replay } = await replayed();
    await expect(replay.catchUp()).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining(`orders, partition ${partition}: its first 2 messages are gone`) as unknown,
    });
    expect(await written()).toEqual([]);
  });
});
