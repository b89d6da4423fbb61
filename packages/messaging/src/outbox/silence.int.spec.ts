import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { connectPrisma, createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import type { PrismaClient } from '../../fixtures/shop/src/gen/prisma/client.js';
import { AlpesError } from '../errors.js';
import { givingUpAfter } from '../postgres/silence.js';
import { openSilentProxy, type SilentProxy } from '../testing/silent-proxy.js';
import { createOutbox, type Outbox } from './outbox.js';
import { prismaOutboxStore } from './prisma-store.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let database: ShopDatabase;
let proxy: SilentProxy;
const clients: PrismaClient[] = [];
beforeAll(async () => {
  database = await createShopDatabase();
});
beforeEach(async () => {
  proxy = await openSilentProxy(database.url);
  await database.prisma.stock.deleteMany();
});
afterEach(async () => {
  await proxy.close();
  await Promise.all(clients.splice(0).map((client) => client.$disconnect()));
});
afterAll(() => database.drop());

/** An outbox whose only connection goes through the proxy. */
function connect(transactionTimeoutMs: number, pool: object = {}): { outbox: Outbox<Tx>; prisma: PrismaClient } {
  const prisma = connectPrisma(proxy.url, { max: 1, ...pool });
  clients.push(prisma);
  const store = prismaOutboxStore<Tx>(prisma);
  return { outbox: createOutbox<Tx>({ prisma, store, transactionTimeoutMs, onCommit: () => {} }), prisma };
}
const stockOf = async () => (await database.prisma.stock.findMany()).map(({ sku }) => sku).toSorted();
const put = (tx: Tx, sku: string) => tx.$executeRawUnsafe(`INSERT INTO stock VALUES ($1)`, sku);
const errorOf = (work: Promise<unknown>): Promise<AlpesError> =>
  work.then(
    () => new AlpesError('unknown', 'nothing was thrown'),
    (thrown: unknown) => AlpesError.from(thrown),
  );

describe('a transaction whose database goes silent', () => {
  it('rejects by a timer of its own, though the driver would wait for ever, and commits nothing', async () => {
    const { outbox } = connect(1_000);
    const work = outbox.inTransaction(async (tx) => {
      await put(tx, 'a');
      proxy.silence();
      await put(tx, 'b');
    });
    expect((await errorOf(work)).code).toBe('unavailable');
    expect(await stockOf()).toEqual([]);
  });

  it('rejects before it has begun', async () => {
    const { outbox, prisma } = connect(300);
    await prisma.$queryRawUnsafe('SELECT 1');
    proxy.silence();
    expect((await errorOf(outbox.inTransaction((tx) => put(tx, 'a')))).nature).toBe('transient');
  });

  it.each(['all', 'new'] as const)(
    'is given up with its connection, which no other transaction then gets to see (%s)',
    async (which) => {
      const { outbox, prisma } = connect(20_000, { stream: givingUpAfter(300) });
      const work = outbox.inTransaction(async (tx) => {
        await put(tx, 'half of the work');
        proxy.silence();
        await put(tx, 'the other half');
      });
      expect((await errorOf(work)).code).toBe('unavailable');
      proxy.speak(which);
      await outbox.inTransaction((tx) => put(tx, 'the next'));
      await prisma.$executeRawUnsafe(`INSERT INTO stock VALUES ('and the next')`);
      expect(await stockOf()).toEqual(['and the next', 'the next']);
    },
  );
});
