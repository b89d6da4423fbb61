import { startTestService, type TestService } from '@alpes/service-kit/testing';
import type { GapSettings } from '../adapters/gap-counter.js';
import { createApp } from '../app.js';
import { type Prisma, PrismaClient } from '../gen/prisma/client.js';

export type SagaLogService = TestService<PrismaClient>;

/** The saga log as it runs, on databases of its own. */
export function startSagaLogService(gaps: GapSettings): Promise<SagaLogService> {
  return startTestService<Prisma.TransactionClient, PrismaClient>({
    name: 'saga-log',
    migrations: new URL('../../prisma/migrations', import.meta.url),
    connect: (adapter) => new PrismaClient({ adapter }),
    build: (context) => createApp({ ...context, gaps }),
  });
}
