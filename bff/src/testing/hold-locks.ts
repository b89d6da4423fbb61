import { postgresAdapter } from '@alpes/service-kit';
import { PrismaClient } from '../gen/prisma/client.js';

/** A database that stands still for whoever wants to write to one of its tables. */
export interface Locks {
  /** Whether a statement waits for the table. */
  someoneWaits(): Promise<boolean>;
  release(): Promise<void>;
}

/** Takes a table for itself until it is released. */
export async function holdLocks(databaseUrl: string, table: string): Promise<Locks> {
  const settings = { DATABASE_URL: databaseUrl, DATABASE_POOL: 2, DATABASE_LOCK_TIMEOUT_MS: 60_000 };
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let held = (): void => {};
  const holding = new Promise<void>((resolve) => {
    held = resolve;
  });
  const transaction = prisma.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      held();
      await released;
    },
    { timeout: 60_000 },
  );
  await Promise.race([holding, transaction]);
  return {
    someoneWaits: async () => {
      const waiting = await prisma.$queryRawUnsafe<unknown[]>('SELECT 1 FROM pg_locks WHERE NOT granted');
      return waiting.length > 0;
    },
    release: async () => {
      release();
      await transaction;
      await prisma.$disconnect();
    },
  };
}
