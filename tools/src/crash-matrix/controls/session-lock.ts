import { Client } from 'pg';
import type { Control } from './control.js';

const LOCK = "SELECT pg_try_advisory_lock(hashtext('relay')) AS locked";

/** The right to relay is a lock of a session, which ends with its connection: a frozen process keeps both. */
export const sessionLock: Control = {
  reveals: { point: 'published', action: 'freeze', forced: { victim: 'source', successor: 'there', poison: [] } },
  breakStores: ({ outbox, databaseUrl }) => {
    let session: Client | undefined;
    let locked = false;
    return {
      outbox: {
        ...outbox,
        acquireLease: async () => {
          if (session === undefined) {
            session = new Client({ connectionString: databaseUrl });
            session.on('error', () => {});
            await session.connect();
          }
          locked ||= (await session.query<{ locked: boolean }>(LOCK)).rows[0]?.locked ?? false;
          return locked;
        },
        releaseLease: async () => {
          await session?.end();
        },
      },
    };
  },
};
