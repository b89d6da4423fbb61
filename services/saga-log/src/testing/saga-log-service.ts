import {
  race,
  type Race,
  type Round,
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '@alpes/service-kit/testing';
import type { GapSettings } from '../adapters/gap-counter.js';
import { createApp } from '../app.js';
import { type Prisma, PrismaClient } from '../gen/prisma/client.js';

export type SagaLogService = TestService<PrismaClient>;

const parts = (gaps: GapSettings): TestServiceOptions<Prisma.TransactionClient, PrismaClient> => ({
  name: 'saga-log',
  migrations: new URL('../../prisma/migrations', import.meta.url),
  connect: (adapter) => new PrismaClient({ adapter }),
  build: (context) => createApp({ ...context, gaps }),
});

/** The saga log as it runs, on databases of its own. */
export function startSagaLogService(gaps: GapSettings): Promise<SagaLogService> {
  return startTestService(parts(gaps));
}

/** Replicas of it that handle the same messages at the same time: see `race`. */
export function raceSagaLogServices(gaps: GapSettings, rounds: readonly Round[]): Promise<Race<PrismaClient>> {
  return race({ ...parts(gaps), rounds });
}
