import { setTimeout as delay } from 'node:timers/promises';
import { databaseOf } from '../../start/system.js';
import { databaseNamesOf } from './backends.js';
import { type FaultKind, inSeconds, someTime } from './fault.js';

const TERMINATE = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1';
const RETRY_MS = 100;

/** A database refuses everybody for a time. */
export const databaseAway: FaultKind = {
  name: 'database-away',
  weight: 2,
  victims: databaseNamesOf,
  prepare: (victim, random) => {
    const ms = someTime(random, 500, 5_000);
    const name = databaseOf(victim);
    return {
      text: `refuses everybody for ${inSeconds(ms)}`,
      play: async ({ postgres }) => {
        const untilDone = async (sql: string): Promise<void> => {
          // The server itself may be away just now.
          while (
            await postgres.ask(sql).then(
              () => false,
              () => true,
            )
          )
            await delay(RETRY_MS);
        };
        await untilDone(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
        await postgres.ask(TERMINATE, [name]).catch(() => {});
        await delay(ms);
        await untilDone(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
        return undefined;
      },
    };
  },
};
