import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'pg';
import { recordingLogger } from '../../fixtures/recording-logger.js';
import { createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from '../testing/eventually.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';
import type { Transport } from '../transport.js';
import { connectTransport } from '../transports/connect.js';
import { prismaOutboxStore } from './prisma-store.js';
import { type Relay, startRelay } from './relay.js';
import type { OutboxStore } from './store.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(150_000);

const HOLD_MS = 10_000;
const KEYS = Array.from({ length: 20 }, (_, index) => `key ${String(index).padStart(2, '0')}`);
/** One of them, of which a message is in the transaction that stays open. */
const HELD = 'held';

let database: ShopDatabase;
let log: TestDatabase;
let store: OutboxStore<Tx>;
let transport: Transport;
let relays: Relay[] = [];
let clients: Client[] = [];
beforeAll(async () => {
  [database, log] = await Promise.all([createShopDatabase(), createTestDatabase()]);
  store = prismaOutboxStore<Tx>(database.prisma);
});
beforeEach(async () => {
  transport = connectTransport(`embedded:${log.url}`, { partitions: 4 });
  await transport.declare([{ topic: 'orders', subscriptions: ['all'] }]);
  await database.prisma.stock.createMany({ data: [...KEYS, HELD].map((sku) => ({ sku })) });
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await Promise.all(clients.splice(0).map((client) => client.end()));
  await transport.close();
  await database.prisma.$executeRawUnsafe('TRUNCATE stock, messaging.outbox, messaging.lease');
});
afterAll(() => Promise.all([database.drop(), log.drop()]));

function relay(peek: OutboxStore<Tx>['peek'] = store.peek): void {
  const started = startRelay({
    ...{ store: { ...store, peek }, publisher: transport, leaseMs: 1_000, pollMs: 100, batchSize: 50 },
    ...{ backoff: { firstMs: 5, maxMs: 20 }, logger: recordingLogger().logger },
    ...{ onPublished: () => {}, onForeignWork: () => relays.forEach((other) => other.wake('remote')) },
  });
  relays.push(started);
}

/** Locks the rows of the keys in their order, counts them up, and announces each new count. */
const COUNT_UP = `
  WITH locked AS (SELECT sku FROM stock WHERE sku = ANY ($1::text[]) ORDER BY sku FOR UPDATE),
  counted AS (UPDATE stock SET sold = sold + 1 FROM locked WHERE stock.sku = locked.sku RETURNING stock.sku, sold)
  INSERT INTO messaging.outbox (topic, key, properties, payload)
  SELECT 'orders', sku, '{}', convert_to(sold::text, 'UTF8') FROM counted`;

/** A connection that waits as long as it takes. */
async function connect(): Promise<Client> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  clients.push(client);
  return client;
}

/** Writes of a few keys at a time, at a steady rate, until it is stopped. */
function write(seed: number): () => Promise<void> {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    for (let round = 0; !stopping.signal.aborted; round += 1) {
      const keys = KEYS.filter((_, index) => (index * 7 + round * seed) % 5 === 0);
      await database.prisma.$executeRawUnsafe(COUNT_UP, keys);
      relays.forEach((one) => one.wake('local'));
      await delay(20, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const running = run();
  running.catch(() => {});
  return () => {
    stopping.abort();
    return running;
  };
}

/** Opens a transaction that announces the held key, while another waits to do so right after it. */
async function hold(): Promise<() => Promise<void>> {
  const [holder, next] = [await connect(), await connect()];
  await holder.query(COUNT_UP, [[HELD]]);
  await holder.query('BEGIN');
  await holder.query(COUNT_UP, [[HELD]]);
  const after = next.query(COUNT_UP, [[HELD]]);
  return async () => {
    await holder.query('COMMIT');
    await after;
    relays.forEach((one) => one.wake('local'));
  };
}

const published = () => transport.browse('orders', { limit: 1_000_000 });
const textOf = ({ payload }: TransportMessage): string => Buffer.from(payload).toString();

/** The counts of each key as they were published, each the first time: a relay that takes over may repeat. */
async function publishedCounts(): Promise<Record<string, string[]>> {
  const counts: Record<string, Set<string>> = {};
  for (const message of await published()) (counts[message.key] ??= new Set()).add(textOf(message));
  return Object.fromEntries(Object.entries(counts).map(([key, texts]) => [key, [...texts]]));
}

/** What should be published: every count of every key up to the last that was committed, in order. */
async function committedCounts(): Promise<Record<string, string[]>> {
  const rows = await database.prisma.stock.findMany();
  return Object.fromEntries(rows.map(({ sku, sold }) => [sku, Array.from({ length: sold }, (_, i) => String(i + 1))]));
}

/** What is committed at this moment goes out while the transaction is still open, though ever more is written. */
async function othersAreOut(): Promise<void> {
  const committed = Object.entries(await committedCounts());
  const isOut = async (): Promise<boolean> => {
    const published = await publishedCounts();
    return committed.every(([key, counts]) => isDeepStrictEqual(published[key]?.slice(0, counts.length), counts));
  };
  await eventually(isOut, { timeoutMs: 5_000, what: 'what was committed meanwhile is published' });
}

/** The next stretch of time, in which others work. */
const pass = (ms: number): Promise<void> => delay(ms);

describe('a transaction that stays open with a message in the outbox', () => {
  it('has no message skipped, none out of order and no other key held up, over three relays', async () => {
    for (let count = 0; count < 3; count += 1) relay();
    const writers = [2, 3, 4].map(write);
    const release = await hold();
    await pass(HOLD_MS / 2);
    await othersAreOut();
    await relays.find((one) => one.isActive())?.stop();
    await pass(HOLD_MS / 2);
    await othersAreOut();
    await Promise.all(writers.splice(0).map((stop) => stop()));
    const held = { ...(await committedCounts()), [HELD]: ['1'] };
    const isOut = async (): Promise<boolean> => isDeepStrictEqual(await publishedCounts(), held);
    await eventually(isOut, { timeoutMs: 20_000, what: 'everything but the held key is published' });
    expect(Object.values(held).flat().length).toBeGreaterThan(400);
    writers.push(...[2, 3].map(write));
    await release();
    await eventually(async () => (await publishedCounts())[HELD]?.length === 3, { timeoutMs: 20_000 });
    await Promise.all(writers.map((stop) => stop()));
    const all = await committedCounts();
    await eventually(async () => (await store.stats()).pending === 0, { timeoutMs: 20_000 });
    expect(await publishedCounts()).toEqual(all);
    expect(all[HELD]).toEqual(['1', '2', '3']);
  });

  it('is overtaken by its own key if a store leaves out what appeared late', async () => {
    relay(async (limit, except, after) => {
      const rows = await store.peek(limit, except);
      return after === undefined ? rows : rows.filter(({ id }) => BigInt(id) > BigInt(after));
    });
    const stop = write(2);
    for (let tries = 0; ; tries += 1) {
      const release = await hold();
      await pass(3_000);
      await release();
      await eventually(async () => (await publishedCounts())[HELD]?.length === 3 * (tries + 1), { timeoutMs: 20_000 });
      const counts = (await publishedCounts())[HELD] ?? [];
      if (counts.join() !== counts.toSorted((a, b) => Number(a) - Number(b)).join()) break;
      expect(tries).toBeLessThan(5);
    }
    await stop();
  });
});
