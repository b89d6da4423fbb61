import { AlpesError, createStatementNames, givingUpAfter, type SqlClient } from '@alpes/messaging';
import { PrismaPg } from '@prisma/adapter-pg';
import type { z } from 'zod';
import type { databaseSettings } from './config.js';

/**
 * The driver of a Prisma client. A connection that holds a lock and stands still is ended by the server: a row that a
 * frozen process has locked would block its successor.
 */
export function postgresAdapter(settings: z.infer<typeof databaseSettings>): PrismaPg {
  const nameOf = createStatementNames();
  return new PrismaPg(
    {
      connectionString: settings.DATABASE_URL,
      max: settings.DATABASE_POOL,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // A plan is kept for as long as its connection. That of a table that was small when it was made would read all of
      // it for ever; and every statement has an index that serves it. The other is for long statements.
      options: '-c enable_seqscan=off -c jit=off',
      // The server's own limits are shorter, so it answers before a connection is given up.
      stream: givingUpAfter(2 * settings.DATABASE_LOCK_TIMEOUT_MS),
      lock_timeout: settings.DATABASE_LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: settings.DATABASE_LOCK_TIMEOUT_MS,
      // A connection that breaks between two who listen, while it is handed over, ends no process: the next query says it.
      onConnect: (client) => {
        client.on('error', () => {});
      },
    },
    { statementNameGenerator: ({ sql }) => nameOf(sql) },
  );
}

/** Resolves when the database answers, else rejects with `unavailable`. */
export async function checkDatabase(prisma: SqlClient): Promise<void> {
  try {
    await prisma.$queryRawUnsafe('SELECT 1');
  } catch (error) {
    throw new AlpesError('unavailable', `the database does not answer: ${AlpesError.from(error).message}`, {
      cause: error,
    });
  }
}
