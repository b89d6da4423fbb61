import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { gate } from '../../testing/gate.js';
import type { TransportMessage } from '../../publisher.js';
import type { Subscription } from '../../subscriber.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';
import { type Database, openDatabase } from './database.js';
import { cutLog } from './retention.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

const DAY_MS = 24 * 3_600_000;
const WEEK_MS = 7 * DAY_MS;
const { signal } = new AbortController();

let testDatabase: TestDatabase;
let database: Database;
let transport: Transport;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url);
  transport = connectTransport(`embedded:${testDatabase.url}`, { pollMs: 50, retentionMs: WEEK_MS });
  await transport.declare([
    { topic: 't', subscriptions: ['a', 'b'], partitions: 1 },
    { topic: 't-a-DLQ', subscriptions: [], partitions: 1 },
  ]);
});
afterEach(async () => {
  await transport.close();
  await database.close();
  await testDatabase.drop();
});

const messages = (topic: string, count: number): TransportMessage[] =>
  Array.from({ length: count }, (_, n) => ({ topic, key: `k${n}`, properties: {}, payload: Buffer.from('x') }));
const publish = async (count: number, topic = 't'): Promise<void> => {
  for (const error of await transport.publish(messages(topic, count))) if (error !== undefined) throw error;
};
const join = (subscription: string, from: 'earliest' | Date = 'earliest'): Promise<Subscription> =>
  transport.subscribe({ topic: 't', subscription, mode: 'durable', from });
const numbers = (received: readonly { position: string }[]): number[] =>
  received.map(({ position }) => Number(position.split(':')[1]));
const left = async (topic = 't'): Promise<number[]> => numbers(await transport.browse(topic, { limit: 1_000 }));

/** Says that the first so many messages were published so many days before the others. */
const age = (count: number, days: number) =>
  database.query(
    `UPDATE log.message SET published_at = published_at - $2::int * interval '1 day' WHERE "offset" < $1::int`,
    [count, days],
  );
/** Receives all that a subscription has not had, and acknowledges those of these numbers. */
const acknowledge = async (subscription: string, which: (n: number) => boolean = () => true): Promise<number[]> => {
  const consumer = await join(subscription);
  const received = await consumer.receive(1_000, 2_000, signal);
  await consumer.acknowledge(received.filter((message) => which(numbers([message])[0] ?? 0)));
  await consumer.close();
  return numbers(received);
};
const clean = (limit = 1_000): Promise<number> => transport.clean?.(limit) ?? Promise.reject(new Error('for ever'));

it('a log that was cut says of which partition how much is gone', async () => {
  expect(await transport.extents('t')).toEqual([{ end: undefined, cut: undefined }]);
  await publish(5);
  await age(3, 8);
  for (const subscription of ['a', 'b']) await acknowledge(subscription);
  expect(await transport.extents('t')).toEqual([{ end: '0:4', cut: undefined }]);
  expect(await cutLog(database, WEEK_MS, 100)).toBe(3);
  expect(await transport.extents('t')).toEqual([{ end: '0:4', cut: 'its first 3 messages are gone' }]);
  await age(5, 8);
  expect(await cutLog(database, WEEK_MS, 100)).toBe(2);
  expect(await transport.extents('t')).toEqual([{ end: undefined, cut: 'its first 5 messages are gone' }]);
  expect(await transport.hasAcknowledged('t', 'a', ['0:4'])).toEqual([true]);
});

describe('a message of the log', () => {
  it('goes once it is old and every subscription has acknowledged it', async () => {
    await publish(10);
    await age(6, 8);
    await acknowledge('a');
    expect(await clean()).toBe(0);
    await acknowledge('b', (n) => n < 4 || n === 5);
    expect(await clean()).toBe(4);
    expect(await left()).toEqual([4, 5, 6, 7, 8, 9]);
    await acknowledge('b');
    expect(await clean()).toBe(2);
    expect(await left()).toEqual([6, 7, 8, 9]);
  });

  it('goes in steps, the oldest first', async () => {
    await publish(5);
    await age(5, 8);
    await Promise.all([acknowledge('a'), acknowledge('b')]);
    expect(await clean(3)).toBe(3);
    expect(await left()).toEqual([3, 4]);
    expect(await clean(3)).toBe(2);
    expect(await clean(3)).toBe(0);
  });

  it('is old when it is older than the retention, not when it is as old', async () => {
    await publish(3);
    await Promise.all([acknowledge('a'), acknowledge('b')]);
    // The time of a transaction stands still, so that the border can be met.
    await database.inTransaction(async (query) => {
      await query(`UPDATE log.message SET published_at = now() - interval '7 days'
        + CASE "offset" WHEN 0 THEN '-1 microsecond' ELSE '0' END::interval`);
      expect(await cutLog({ query }, WEEK_MS, 1_000)).toBe(1);
    });
    expect(await left()).toEqual([1, 2]);
  });

  it('is kept for ever in a topic without subscriptions, as dead letters are', async () => {
    await publish(3, 't-a-DLQ');
    await age(3, 1_000);
    expect(await clean()).toBe(0);
    expect(await left('t-a-DLQ')).toEqual([0, 1, 2]);
  });

  it('is kept for ever without a retention', () => {
    const forEver = connectTransport(`embedded:${testDatabase.url}`);
    expect(forEver.clean).toBeUndefined();
    return forEver.close();
  });
});

describe('a log that was cut', () => {
  beforeEach(async () => {
    await publish(10);
    await age(6, 8);
    await Promise.all([acknowledge('a'), acknowledge('b', (n) => n < 8)]);
    await clean();
  });

  it('has the end, the backlogs and the messages that it had', async () => {
    expect(await left()).toEqual([6, 7, 8, 9]);
    expect(await transport.endPositions('t')).toEqual([10n]);
    expect(await transport.backlog('t', 'a')).toBe(0);
    expect(await transport.backlog('t', 'b')).toBe(2);
    expect(numbers(await transport.browse('t', { after: '0:2', limit: 3 }))).toEqual([6, 7, 8]);
    expect(await acknowledge('b')).toEqual([8, 9]);
    await publish(1);
    expect(await acknowledge('a')).toEqual([10]);
  });

  it('gives a new subscription what is kept, and is cut on when that is acknowledged', async () => {
    const reader = await transport.subscribe({ topic: 't', subscription: 'r', mode: 'ephemeral', from: 'earliest' });
    expect(numbers(await reader.receive(100, 2_000, signal))).toEqual([6, 7, 8, 9]);
    await (await join('new')).close();
    expect(await transport.backlog('t', 'new')).toBe(4);
    await age(10, 8);
    await acknowledge('b');
    expect(await clean()).toBe(0);
    expect(await acknowledge('new')).toEqual([6, 7, 8, 9]);
    expect(await transport.backlog('t', 'new')).toBe(0);
    expect(await clean()).toBe(4);
  });

  it('is replayed from a time, as far as it is kept', async () => {
    const [first] = await transport.browse('t', { after: '0:6', limit: 1 });
    const since = async (name: string, from: Date): Promise<number[]> => {
      const consumer = await join(name, from);
      const received = numbers(await consumer.receive(100, 500, signal));
      expect(await transport.backlog('t', name)).toBe(received.length);
      return received;
    };
    await database.query(`UPDATE log.message SET published_at = published_at - interval '1 hour' WHERE "offset" < 7`);
    expect(await since('long ago', new Date(Date.now() - 30 * DAY_MS))).toEqual([6, 7, 8, 9]);
    expect(await since('lately', first?.publishedAt ?? new Date())).toEqual([7, 8, 9]);
    expect(await since('now', new Date())).toEqual([]);
  });

  it('goes on where it was when nothing is left of it', async () => {
    await acknowledge('b');
    await age(10, 8);
    expect(await clean()).toBe(4);
    expect(await left()).toEqual([]);
    expect([await transport.backlog('t', 'a'), await transport.backlog('t', 'nobody')]).toEqual([0, 0]);
    await publish(2);
    expect(await transport.endPositions('t')).toEqual([12n]);
    expect(await left()).toEqual([10, 11]);
    expect([await transport.backlog('t', 'a'), await transport.backlog('t', 'nobody')]).toEqual([2, 2]);
    expect(await acknowledge('a')).toEqual([10, 11]);
  });

  it('remembers what was acknowledged as one range', async () => {
    await acknowledge('b');
    const rows = await database.query(`SELECT subscription, acknowledged::text FROM log.cursor ORDER BY 1`);
    expect(rows).toEqual([
      { subscription: 'a', acknowledged: '{[0,10)}' },
      { subscription: 'b', acknowledged: '{[0,10)}' },
    ]);
  });
});

describe('cutting', () => {
  it('holds up nobody who appends, receives, acknowledges or cuts, however long its step takes', async () => {
    await publish(6);
    await age(4, 8);
    await Promise.all([acknowledge('a'), acknowledge('b')]);
    const [begun, done] = [gate(), gate()];
    const open = database.inTransaction(async (query) => {
      expect(await cutLog({ query }, WEEK_MS, 3)).toBe(3);
      begun.open();
      // Longer than this the database itself lets nobody stand still.
      await done.passed;
    });
    await begun.passed;
    const meanwhile = async (): Promise<void> => {
      await publish(2);
      expect(await acknowledge('a')).toEqual([6, 7]);
      // What another has begun to cut is left to him.
      expect(await clean()).toBe(1);
    };
    await meanwhile().finally(done.open);
    await open;
    expect(await left()).toEqual([4, 5, 6, 7]);
  });

  it('goes on beside a load: everybody receives everything, nothing fails, also by no deadlock', async () => {
    const url = `embedded:${testDatabase.url}`;
    await transport.declare([{ topic: 'busy', subscriptions: ['a', 'b'], partitions: 4 }]);
    const replicas = [0, 1].map(() => connectTransport(url, { pollMs: 50, retentionMs: 0 }));
    const total = 3_000;
    let consuming = 4;
    const over = new AbortController();
    const goesOn = (): boolean => !over.signal.aborted && consuming > 0;
    const consume = async (name: string, replica: Transport, seen: Set<string>): Promise<void> => {
      const options = { topic: 'busy', subscription: name, mode: 'durable', from: 'earliest' } as const;
      const consumer = await replica.subscribe(options);
      while (seen.size < total && goesOn()) {
        const received = await consumer.receive(50, 100, signal);
        for (const { position } of received) seen.add(position);
        await consumer.acknowledge(received);
      }
      consuming -= 1;
      await consumer.close();
    };
    const produce = async (): Promise<void> => {
      for (let n = 0; n < total && goesOn(); n += 50) await publish(50, 'busy');
    };
    const cut = async (replica: Transport): Promise<void> => {
      for (let count: number | undefined; goesOn() || count !== 0;) count = await replica.clean?.(100);
    };
    const [seenByA, seenByB] = [new Set<string>(), new Set<string>()];
    await Promise.all([
      produce(),
      ...replicas.flatMap((replica) => [consume('a', replica, seenByA), consume('b', replica, seenByB), cut(replica)]),
    ]).finally(() => {
      over.abort();
    });
    expect([seenByA.size, seenByB.size]).toEqual([total, total]);
    expect(await left('busy')).toEqual([]);
    expect(await transport.backlog('busy', 'a')).toBe(0);
    await Promise.all(replicas.map((replica) => replica.close()));
  });
});
