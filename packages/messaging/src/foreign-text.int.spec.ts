import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { connectPrisma, createShopDatabase, type ShopDatabase } from '../fixtures/shop/database.js';
import type { PrismaClient } from '../fixtures/shop/src/gen/prisma/client.js';
import { describeError } from './describe-error.js';
import { AlpesError } from './errors.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

/** What must not be found again. */
const CANARY = 'canary4711';

let database: ShopDatabase;
let pg: Client;
beforeAll(async () => {
  database = await createShopDatabase();
  await database.prisma.$executeRawUnsafe(`ALTER TABLE stock ADD CHECK (sku NOT LIKE 'bad%')`);
  await database.prisma.$executeRawUnsafe('INSERT INTO stock VALUES ($1, 0)', CANARY);
  pg = new Client({ connectionString: database.url });
  await pg.connect();
});
afterAll(async () => {
  await pg.end();
  await database.drop();
});

async function thrownBy(work: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

/** Each with what PostgreSQL or Prisma may be told of it. */
const STATEMENTS: readonly [string, string, unknown, string][] = [
  ['a key that is taken', 'INSERT INTO stock VALUES ($1, 0)', CANARY, 'violates unique constraint "stock_pkey"'],
  ['a rule of a table', 'UPDATE stock SET sku = $1', `bad-${CANARY}`, 'violates check constraint "stock_sku_check"'],
  ['a column without a value', 'UPDATE stock SET sold = NULL WHERE sku = $1', CANARY, 'column "sold"'],
  ['a text that is no UUID', 'SELECT $1::text::uuid', CANARY, 'refuses a value (SQLSTATE 22P02)'],
  ['a text that is no number', 'SELECT $1::text::int', CANARY, 'refuses a value (SQLSTATE 22P02)'],
  ['a text that is no time', 'SELECT $1::text::timestamptz', CANARY, 'refuses a value (SQLSTATE 22007)'],
  ['a text that is no JSON', 'SELECT $1::text::json', `{${CANARY}`, 'refuses a value (SQLSTATE 22P02)'],
];

describe('what a log has of a database error', () => {
  it.each(STATEMENTS)('names what is wrong and no value: %s', async (_, sql, value, text) => {
    const errors = [
      await thrownBy(() => pg.query(sql, [value])),
      await thrownBy(() => database.prisma.$queryRawUnsafe(sql, value)),
      await thrownBy(() => database.prisma.$transaction((tx) => tx.$executeRawUnsafe(sql, value))),
    ];
    const [asItComes] = errors;
    expect(JSON.stringify([asItComes, String(asItComes)])).toContain(CANARY);
    for (const error of errors) {
      for (const logged of [error, AlpesError.from(error), new Error('wrapped', { cause: error })])
        expect(JSON.stringify(describeError(logged))).not.toContain(CANARY);
      expect(AlpesError.from(error).message).toContain(text);
    }
  });

  it.each<[string, (prisma: PrismaClient) => PromiseLike<unknown>, string]>([
    ['a row that is there', (prisma) => prisma.stock.create({ data: { sku: CANARY } }), 'stock_pkey'],
    ['a row that is not', (prisma) => prisma.stock.delete({ where: { sku: `${CANARY}-2` } }), 'No record was found'],
    [
      'an argument of another type',
      (prisma) => prisma.stock.create({ data: { sku: CANARY, sold: CANARY as never } }),
      '`sold`',
    ],
    [
      'an argument that is not known',
      (prisma) => prisma.stock.create({ data: { sku: CANARY, a: CANARY } as never }),
      '`a`',
    ],
  ])('names what is wrong in a call of a model and no argument: %s', async (_, work, text) => {
    const error = await thrownBy(() => work(database.prisma));
    expect(JSON.stringify(describeError(error))).not.toContain(CANARY);
    expect(AlpesError.from(error).message).toContain(text);
  });

  it('has no password of a URL, right or wrong', async () => {
    const wrong = new URL(database.url);
    const urls = ['127.0.0.1:1', 'no-such-host.invalid'].map((host) => `postgresql://shop:${CANARY}@${host}/shop`);
    [wrong.username, wrong.password] = ['nobody', CANARY];
    for (const url of [wrong.href, ...urls, `postgresql://shop:${CANARY}/1@x:99999999/shop`]) {
      const prisma = connectPrisma(url, { connectionTimeoutMillis: 2_000 });
      const error = await thrownBy(() => prisma.$queryRawUnsafe('SELECT 1'));
      await prisma.$disconnect();
      expect(JSON.stringify(describeError(error))).not.toContain(CANARY);
    }
  });
});
