import type { ExportSettings } from '@alpes/service-kit';
import {
  race,
  type Race,
  type Round,
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '@alpes/service-kit/testing';
import type { Prisma, PrismaClient } from '../gen/prisma/client.js';
import { readModel } from '../read-model.js';

export type ReportingService = TestService<PrismaClient>;

const parts: TestServiceOptions<Prisma.TransactionClient, PrismaClient> = {
  name: 'reporting',
  migrations: new URL('../../prisma/migrations', import.meta.url),
  connect: readModel.connect,
  build: readModel.build,
};

/** The reporting service as it runs, on databases of its own. */
export function startReportingService(limits: Partial<ExportSettings> = {}): Promise<ReportingService> {
  return startTestService<Prisma.TransactionClient, PrismaClient>({
    ...parts,
    build: (context) => readModel.build({ ...context, settings: { ...context.settings, ...limits } }),
  });
}

/** Replicas of it that handle the same messages at the same time: see `race`. */
export function raceReportingServices(rounds: readonly Round[]): Promise<Race<PrismaClient>> {
  return race({ ...parts, rounds });
}
