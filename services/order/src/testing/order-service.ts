import {
  race,
  type Race,
  type Round,
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '@alpes/service-kit/testing';
import { createApp } from '../app.js';
import { type Prisma, PrismaClient } from '../gen/prisma/client.js';

export type OrderService = TestService<PrismaClient>;

const parts: TestServiceOptions<Prisma.TransactionClient, PrismaClient> = {
  name: 'order',
  migrations: new URL('../../prisma/migrations', import.meta.url),
  connect: (adapter) => new PrismaClient({ adapter }),
  build: (context) => createApp({ ...context, dueMs: 1_000 }),
};

/** The order service as it runs, on databases of its own. */
export function startOrderService(): Promise<OrderService> {
  return startTestService(parts);
}

/** Replicas of it that handle the same messages at the same time: see `race`. */
export function raceOrderServices(rounds: readonly Round[]): Promise<Race<PrismaClient>> {
  return race({ ...parts, rounds });
}
