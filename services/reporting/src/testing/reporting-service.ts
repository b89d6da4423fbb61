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

export type ReportingService = TestService<PrismaClient>;

const parts: TestServiceOptions<Prisma.TransactionClient, PrismaClient> = {
  name: 'reporting',
  migrations: new URL('../../prisma/migrations', import.meta.url),
  connect: (adapter) => new PrismaClient({ adapter }),
  build: createApp,
};

/** The reporting service as it runs, on databases of its own. */
export function startReportingService(): Promise<ReportingService> {
  return startTestService(parts);
}

/** Replicas of it that handle the same messages at the same time: see `race`. */
export function raceReportingServices(rounds: readonly Round[]): Promise<Race<PrismaClient>> {
  return race({ ...parts, rounds });
}
