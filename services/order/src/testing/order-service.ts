import { startTestService, type TestService } from '@alpes/service-kit/testing';
import { createApp } from '../app.js';
import { type Prisma, PrismaClient } from '../gen/prisma/client.js';

export type OrderService = TestService<PrismaClient>;

/** The order service as it runs, on databases of its own. */
export function startOrderService(): Promise<OrderService> {
  return startTestService<Prisma.TransactionClient, PrismaClient>({
    name: 'order',
    migrations: new URL('../../prisma/migrations', import.meta.url),
    connect: (adapter) => new PrismaClient({ adapter }),
    build: createApp,
  });
}
