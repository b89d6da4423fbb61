import { migrate } from '@alpes/messaging';
import { createTestDatabase, type TestDatabase } from '@alpes/messaging/testing';
import { databaseSettings, postgresAdapter } from '@alpes/service-kit';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { orderStore } from '../../../services/order/src/adapters/order-store.js';
import { PrismaClient as OrderClient } from '../../../services/order/src/gen/prisma/client.js';
import { transactionStore } from '../../../services/payment/src/adapters/transaction-store.js';
import { workList } from '../../../services/payment/src/adapters/work-list.js';
import { PrismaClient as PaymentClient } from '../../../services/payment/src/gen/prisma/client.js';
import { createMemoryDatabase } from './testing/memory-database.js';
import { memoryOrders } from './testing/memory-orders.js';
import { memoryTransactions, memoryWorkList, type TransactionRow } from './testing/memory-transactions.js';
import type { Order } from '../../../services/order/src/domain/order.js';
import {
  playOrders,
  playTransactions,
  type StoreEvent,
  type StorePlayer,
  storeScripts,
} from './testing/store-scripts.js';

jest.setTimeout(120_000);

const RUNS = 50;
const nobody = (): void => {};

/** A database with the tables of a service. */
async function openTables(service: string): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrate(
    database.url,
    fileURLToPath(new URL(`../../../services/${service}/prisma/migrations`, import.meta.url)),
  );
  return database;
}

const adapterTo = ({ url }: TestDatabase) => postgresAdapter(databaseSettings.parse({ DATABASE_URL: url }));

async function expectSame(
  script: readonly StoreEvent[],
  inMemory: StorePlayer,
  inPostgres: StorePlayer,
): Promise<void> {
  for (const [step, event] of script.entries())
    expect(await inMemory(event, step)).toEqual(await inPostgres(event, step));
}

describe('the stores in memory do what those in PostgreSQL do', () => {
  describe('with orders', () => {
    let database: TestDatabase;
    let prisma: OrderClient;
    beforeAll(async () => {
      database = await openTables('order');
      prisma = new OrderClient({ adapter: adapterTo(database) });
    });
    afterAll(async () => {
      await prisma.$disconnect();
      await database.drop();
    });

    it('whatever is inserted and updated', async () => {
      const property = fc.asyncProperty(storeScripts, async (script) => {
        await prisma.order.deleteMany();
        const memory = createMemoryDatabase<Order>(nobody, nobody);
        const inMemory = playOrders(memoryOrders, (work) => memory.transaction('works', work));
        await expectSame(
          script,
          inMemory,
          playOrders(orderStore, (work) => prisma.$transaction(work)),
        );
      });
      await fc.assert(property, { numRuns: RUNS });
    });
  });

  describe('with transactions', () => {
    let database: TestDatabase;
    let prisma: PaymentClient;
    beforeAll(async () => {
      database = await openTables('payment');
      prisma = new PaymentClient({ adapter: adapterTo(database) });
    });
    afterAll(async () => {
      await prisma.$disconnect();
      await database.drop();
    });

    it('whatever is inserted, claimed and recorded', async () => {
      const property = fc.asyncProperty(storeScripts, async (script) => {
        await prisma.transaction.deleteMany();
        const memory = createMemoryDatabase<TransactionRow>(nobody, nobody);
        const inMemory = playTransactions(
          memoryTransactions,
          (work) => memory.transaction('works', work),
          (leaseMs, lease) => memoryWorkList({ database: memory, leaseMs, newId: () => lease }),
        );
        const inPostgres = playTransactions(
          transactionStore,
          (work) => prisma.$transaction(work),
          (leaseMs, lease) => workList({ prisma, leaseMs, newId: () => lease }),
        );
        await expectSame(script, inMemory, inPostgres);
      });
      await fc.assert(property, { numRuns: RUNS });
    });
  });
});
