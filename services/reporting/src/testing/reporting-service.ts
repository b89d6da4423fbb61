import { startTestService, type TestService } from '@alpes/service-kit/testing';
import { createApp } from '../app.js';
import { type Prisma, PrismaClient } from '../gen/prisma/client.js';

export type ReportingService = TestService<PrismaClient>;

/** The reporting service as it runs, on databases of its own. */
export function startReportingService(): Promise<ReportingService> {
  return startTestService<Prisma.TransactionClient, PrismaClient>({
    name: 'reporting',
    migrations: new URL('../../prisma/migrations', import.meta.url),
    connect: (adapter) => new PrismaClient({ adapter }),
    build: createApp,
  });
}
