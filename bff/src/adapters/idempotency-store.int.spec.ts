import { createTestDatabase, eventually, type TestDatabase } from '@alpes/messaging/testing';
import { createCleaner, migrate } from '@alpes/messaging';
import { createLogger, createRegistry, postgresAdapter } from '@alpes/service-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { PrismaClient } from '../gen/prisma/client.js';
import { idempotencyStore } from './idempotency-store.js';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

let database: TestDatabase;
let prisma: PrismaClient;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url, MIGRATIONS);
  const settings = { DATABASE_URL: database.url, DATABASE_POOL: 4, DATABASE_LOCK_TIMEOUT_MS: 5_000 };
  prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
});
afterAll(async () => {
  await prisma.$disconnect();
  await database.drop();
});
beforeEach(async () => {
  await prisma.idempotencyKey.deleteMany();
});

const HOUR_MS = 3_600_000;
const store = () => idempotencyStore({ prisma, ttlHours: 24, timeoutMs: 5_000 });
const use = (letter: string) => ({ bodyHash: letter.repeat(64), orderId: uuidv7() });
const expire = () => prisma.idempotencyKey.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });

describe('the store of idempotency keys', () => {
  it('keeps the first use of a key for its time to live', async () => {
    const first = use('a');
    expect(await store().claim(1, 'k', first)).toEqual(first);
    expect(await store().claim(1, 'k', use('b'))).toEqual(first);
    const { expiresAt } = await prisma.idempotencyKey.findFirstOrThrow();
    expect(Math.abs(expiresAt.getTime() - Date.now() - 24 * HOUR_MS)).toBeLessThan(60_000);
  });

  it('gives a key that has expired to its next use', async () => {
    await store().claim(1, 'k', use('a'));
    await expire();
    const second = use('b');
    expect(await store().claim(1, 'k', second)).toEqual(second);
    expect(await store().claim(1, 'k', use('c'))).toEqual(second);
  });

  it('takes the greatest client id', async () => {
    const first = use('a');
    await store().claim(Number.MAX_SAFE_INTEGER, 'k', first);
    expect(await store().claim(Number.MAX_SAFE_INTEGER, 'k', use('b'))).toEqual(first);
  });

  it('claims many keys at once with few statements', async () => {
    const claims = Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, ...use('a') }));
    const one = store();
    const uses = await Promise.all(claims.map(({ key, ...first }) => one.claim(1, key, first)));
    expect(uses).toEqual(claims.map(({ bodyHash, orderId }) => ({ bodyHash, orderId })));
    const transactions = await prisma.$queryRaw`SELECT DISTINCT xmin::text FROM idempotency_keys`;
    expect(transactions).toHaveLength(2);
  });

  it('gives of one key in a batch the first use to all', async () => {
    const one = store();
    const uses = [one.claim(1, 'other', use('a')), ...['b', 'c'].map((letter) => one.claim(1, 'k', use(letter)))];
    const [, second, third] = await Promise.all(uses);
    expect(second).toMatchObject({ bodyHash: 'b'.repeat(64) });
    expect(third).toEqual(second);
  });

  it('gives one of many at once the key, and tells all of it', async () => {
    const uses = await Promise.all(Array.from({ length: 30 }, () => store().claim(1, 'k', use('a'))));
    expect(new Set(uses.map(({ orderId }) => orderId)).size).toBe(1);
  });

  it('forgets the keys that have expired, however many, and no others', async () => {
    await prisma.idempotencyKey.createMany({
      data: Array.from({ length: 2_500 }, (_, index) => ({
        ...{ clientId: 1n, key: `${index}`, ...use('a') },
        expiresAt: new Date(Date.now() + (index < 2_400 ? -1_000 : HOUR_MS)),
      })),
    });
    const cleaner = createCleaner({
      ...{ steps: { idempotency_keys: store().deleteExpired }, everyMs: 1 },
      ...{ logger: createLogger('bff', 'silent'), registry: createRegistry('bff') },
    });
    cleaner.start();
    await eventually(async () => (await prisma.idempotencyKey.count()) === 100);
    await cleaner.stop();
    expect(await prisma.idempotencyKey.count({ where: { expiresAt: { lt: new Date() } } })).toBe(0);
  });

  it('forgets them in steps of a bounded size', async () => {
    await prisma.idempotencyKey.createMany({
      data: Array.from({ length: 5 }, (_, index) => ({
        ...{ clientId: 1n, key: `${index}`, ...use('a') },
        expiresAt: new Date(0),
      })),
    });
    expect(await store().deleteExpired(3)).toBe(3);
    expect(await store().deleteExpired(3)).toBe(2);
    expect(await store().deleteExpired(3)).toBe(0);
  });
});
