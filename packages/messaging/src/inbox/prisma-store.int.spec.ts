import { afterAll, beforeAll } from '@jest/globals';
import { createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import { describeInboxStore } from '../testing/inbox-store-suite.js';
import { prismaInboxStore } from './prisma-store.js';

let database: ShopDatabase;
beforeAll(async () => {
  database = await createShopDatabase();
});
afterAll(() => database.drop());

describeInboxStore<Tx>('Prisma', async () => {
  await database.prisma.$executeRawUnsafe('TRUNCATE messaging.inbox, messaging.attempt, messaging.large_body');
  return {
    store: prismaInboxStore<Tx>(database.prisma),
    inTransaction: (work) => database.prisma.$transaction(work),
    close: async () => {},
  };
});
