import { afterAll, beforeAll } from '@jest/globals';
import { createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import { describeOutboxStore } from '../testing/outbox-store-suite.js';
import { prismaOutboxStore } from './prisma-store.js';

let database: ShopDatabase;
beforeAll(async () => {
  database = await createShopDatabase();
});
afterAll(() => database.drop());

describeOutboxStore<Tx>('Prisma', async () => {
  await database.prisma.$executeRawUnsafe('TRUNCATE messaging.outbox, messaging.lease');
  return {
    store: prismaOutboxStore<Tx>(database.prisma),
    inTransaction: (work) => database.prisma.$transaction(work),
    close: async () => {},
  };
});
