import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v4 as uuidv4 } from 'uuid';
import { fakePublisher } from '../../fixtures/fake-publisher.js';
import { recordingLogger } from '../../fixtures/recording-logger.js';
import { createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import { AlpesError } from '../errors.js';
import type { Publisher, TransportMessage } from '../publisher.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { eventually } from '../testing/eventually.js';
import { gate } from '../testing/gate.js';
import { connectTransport } from '../transports/connect.js';
import { prismaOutboxStore } from './prisma-store.js';
import { type Relay, type RelayOptions, startRelay } from './relay.js';
import type { OutboxStore } from './store.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let database: ShopDatabase;
let store: OutboxStore<Tx>;
let relays: Relay[] = [];
beforeAll(async () => {
  database = await createShopDatabase();
  store = prismaOutboxStore<Tx>(database.prisma);
});
beforeEach(() => database.prisma.$executeRawUnsafe('TRUNCATE messaging.outbox, messaging.lease'));
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
});
afterAll(() => database.drop());

function relay(publisher: Publisher, more: Partial<RelayOptions> = {}): Relay {
  const started = startRelay({
    ...{ store, publisher, leaseMs: 10_000, pollMs: 20, batchSize: 50, backoff: { firstMs: 5, maxMs: 20 } },
    ...{ logger: recordingLogger().logger, onPublished: () => {}, onForeignWork: () => {} },
    ...more,
  });
  relays.push(started);
  return started;
}

const message = (key: string, number: number, topic = 'orders'): TransportMessage => ({
  ...{ topic, key, properties: {}, payload: Buffer.from(String(number)) },
});
/** Messages of many keys in turn, each with its number within its key. */
const numbered = (keys: number, each: number, topic?: string): TransportMessage[] =>
  Array.from({ length: keys * each }, (_, i) => message(`key ${i % keys}`, Math.floor(i / keys), topic));
const append = (messages: readonly TransportMessage[]) =>
  database.prisma.$transaction((tx) => store.append(tx, messages));
const isEmpty = async () => (await store.stats()).pending === 0;
const textOf = ({ key, payload }: TransportMessage): string => `${key}: ${Buffer.from(payload).toString()}`;

/** Of each message its first publication: a later one changes nothing for whoever has an inbox. */
const firsts = (messages: readonly TransportMessage[]): string[] => [...new Set(messages.map(textOf))];

function expectOrderPerKey(messages: readonly TransportMessage[], keys: number, each: number): void {
  for (let key = 0; key < keys; key += 1) {
    const ofKey = firsts(messages.filter((one) => one.key === `key ${key}`));
    expect(ofKey).toEqual(Array.from({ length: each }, (_, number) => `key ${key}: ${number}`));
  }
}

describe('a relay', () => {
  it('publishes what waits in the order of its ids, and what is committed later, and deletes it', async () => {
    const publisher = fakePublisher();
    const messages = numbered(10, 30);
    await append(messages.slice(0, 200));
    let published = 0;
    relay(publisher, { onPublished: (count) => (published += count) });
    await append(messages.slice(200));
    await eventually(isEmpty);
    expect(publisher.stored.map(textOf)).toEqual(messages.map(textOf));
    await eventually(() => published === 300);
  });

  it('deletes only what was confirmed', async () => {
    const publisher = fakePublisher(({ key }) => (key === 'key 1' ? new Error('no') : undefined));
    await append(numbered(3, 2));
    relay(publisher);
    await eventually(async () => (await store.stats()).pending === 2);
    expect((await store.peek(10)).map((row) => textOf(row.message))).toEqual(['key 1: 0', 'key 1: 1']);
  });

  it('keeps the order of each key when some publications fail, or fail though they were stored', async () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const inner = fakePublisher(() => (random() < 0.1 ? new Error('no') : undefined));
    const doubtful: Publisher = {
      publish: async (messages) => {
        const results = await inner.publish(messages);
        return random() < 0.2 ? messages.map(() => new Error('stored, but who knows')) : results;
      },
    };
    await append(numbered(8, 40));
    relay(doubtful);
    await eventually(isEmpty);
    expect(firsts(inner.stored)).toHaveLength(320);
    expectOrderPerKey(inner.stored, 8, 40);
  });

  it('does not skip a message whose transaction was open while later ones were published', async () => {
    const publisher = fakePublisher();
    const [appended, hold] = [gate(), gate()];
    relay(publisher);
    const early = database.prisma.$transaction(async (tx) => {
      await store.append(tx, [message('early', 0)]);
      appended.open();
      await hold.passed;
    });
    await appended.passed;
    await append(numbered(1, 100));
    await eventually(() => publisher.stored.length === 100);
    hold.open();
    await early;
    await eventually(() => publisher.stored.length === 101);
    expect(publisher.stored.at(-1)?.key).toBe('early');
  });

  it('publishes other topics while one takes no messages, more of them than a batch', async () => {
    const { logger, lines } = recordingLogger();
    let isAway = true;
    const away = new AlpesError('unavailable', 'no such topic');
    const publisher = fakePublisher(({ topic }) => (topic === 'away' && isAway ? away : undefined));
    await append([...numbered(2, 40, 'away'), ...numbered(2, 40)]);
    relay(publisher, { batchSize: 20, logger });
    await eventually(() => publisher.stored.length === 80);
    expect(publisher.stored.every(({ topic }) => topic === 'orders')).toBe(true);
    isAway = false;
    await eventually(isEmpty);
    expect(publisher.stored.slice(80).map(textOf)).toEqual(numbered(2, 40).map(textOf));
    expect(lines.map(({ level, fields }) => ({ level, topics: fields['topics'] }))).toEqual([
      { level: 'warn', topics: ['away'] },
      { level: 'info', topics: ['away'] },
    ]);
  });

  it('says once that the broker is away, goes on trying, and says once that it publishes again', async () => {
    const { logger, lines } = recordingLogger();
    let tries = 0;
    const publisher = fakePublisher(() => ((tries += 1) < 8 ? new AlpesError('unavailable', 'away') : undefined));
    await append(numbered(1, 1));
    relay(publisher, { logger });
    await eventually(isEmpty);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: outbox relay: could not publish, trying until it can',
      'info: outbox relay: publishes again',
    ]);
  });

  it('says once that its store fails, and once that it works again', async () => {
    const { logger, lines } = recordingLogger();
    const publisher = fakePublisher();
    let tries = 0;
    const peek: OutboxStore<Tx>['peek'] = (...asked) =>
      (tries += 1) < 5 ? Promise.reject(new AlpesError('unavailable', 'away')) : store.peek(...asked);
    await append(numbered(1, 1));
    relay(publisher, { store: { ...store, peek }, logger });
    await eventually(isEmpty);
    await eventually(() => lines.length === 2);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: outbox relay: failed, trying until it works',
      'info: outbox relay: works again',
    ]);
  });

  it('publishes what waits before it stops, also if it has hardly begun, and gives its lease back', async () => {
    const publisher = fakePublisher();
    await append(numbered(5, 50));
    await relay(publisher).stop();
    expect(publisher.stored).toHaveLength(250);
    expect(await isEmpty()).toBe(true);
    expect(await store.acquireLease(uuidv4(), 1)).toBe(true);
  });

  it('stops without delay when it can not publish', async () => {
    await append(numbered(5, 1));
    await relay(fakePublisher(() => new Error('no'))).stop();
    expect((await store.stats()).pending).toBe(5);
  });
});

describe('of two relays', () => {
  it('one works', async () => {
    const publishers = [fakePublisher(), fakePublisher()] as const;
    const both = publishers.map((publisher) => relay(publisher));
    await eventually(() => both.some((one) => one.isActive()));
    for (let i = 0; i < 10; i += 1) await append(numbered(3, 2));
    await eventually(isEmpty);
    expect(publishers.map(({ stored }) => stored.length).toSorted((a, b) => a - b)).toEqual([0, 60]);
    expect(both.filter((one) => one.isActive())).toHaveLength(1);
  });

  it('the other takes over when the first has stopped, long before the lease would have ended', async () => {
    const publisher = fakePublisher();
    const first = relay(fakePublisher(), { leaseMs: 60_000 });
    await eventually(() => first.isActive());
    const second = relay(publisher, { leaseMs: 60_000 });
    await first.stop();
    await append(numbered(1, 3));
    await eventually(() => publisher.stored.length === 3);
    expect(second.isActive()).toBe(true);
  });

  it('the other takes over from one that was killed, when its lease has ended', async () => {
    const publisher = fakePublisher();
    await store.acquireLease(uuidv4(), 200);
    const second = relay(publisher);
    await append(numbered(1, 3));
    expect(second.isActive()).toBe(false);
    expect(publisher.stored).toEqual([]);
    await eventually(() => publisher.stored.length === 3);
  });

  it('the other takes over from one that stands still, which changes nothing when it goes on', async () => {
    const [stuck, thaw] = [gate(), gate()];
    const stored: TransportMessage[] = [];
    const broker = fakePublisher();
    const shared = (delay: () => Promise<void>): Publisher => ({
      publish: async (messages) => {
        await delay();
        stored.push(...messages);
        return broker.publish(messages);
      },
    });
    await append(numbered(4, 10));
    const frozen = relay(
      shared(async () => {
        stuck.open();
        await thaw.passed;
      }),
      { leaseMs: 150 },
    );
    await stuck.passed;
    const second = relay(
      shared(async () => {}),
      { leaseMs: 150 },
    );
    await eventually(isEmpty);
    await append(numbered(4, 20).slice(40));
    await eventually(isEmpty);
    expect(second.isActive()).toBe(true);
    expect(frozen.isActive()).toBe(false);
    thaw.open();
    await eventually(() => stored.length === 120);
    expectOrderPerKey(stored, 4, 20);
    expect(await isEmpty()).toBe(true);
  });
});

describe('relays on the embedded log', () => {
  let log: TestDatabase;
  beforeAll(async () => {
    log = await createTestDatabase();
  });
  afterAll(() => log.drop());

  it('bring every message there, in the order of each key, while they come, go and stand still', async () => {
    const transport = connectTransport(`embedded:${log.url}`, { partitions: 4 });
    await transport.declare([{ topic: 'orders', subscriptions: ['all'] }]);
    let calls = 0;
    // Every seventh publication takes longer than the lease, so that a second relay publishes beside it.
    const moody: Publisher = {
      publish: async (messages) => {
        calls += 1;
        const until = performance.now() + (calls % 7 === 0 ? 60 : 0);
        await eventually(() => performance.now() >= until);
        return transport.publish(messages);
      },
    };
    const start = () => relay(moody, { leaseMs: 40, batchSize: 10 });
    const running = [start(), start()];
    for (let round = 0; round < 20; round += 1) {
      await append(numbered(5, 20).slice(round * 5, round * 5 + 5));
      if (round % 5 === 4) {
        await running.shift()?.stop();
        running.push(start());
      }
    }
    await eventually(isEmpty);
    const published = await transport.browse('orders', { limit: 10_000 });
    expect(firsts(published)).toHaveLength(100);
    expectOrderPerKey(published, 5, 20);
    await Promise.all(running.map((one) => one.stop()));
    await transport.close();
  });
});
