import { setTimeout as delay } from 'node:timers/promises';
import { databaseOf } from '../../start/system.js';
import type { AnyDatabase } from '../site/postgres.js';
import type { Site } from '../site/site.js';
import { type FaultKind, inSeconds, someTime } from './fault.js';

/** The databases that are used here. */
export const databaseNamesOf = (site: Site): AnyDatabase[] =>
  (Object.keys(site.postgres.urls) as AnyDatabase[]).filter((name) => name !== 'broker' || isLog(site));

const isLog = ({ broker }: Site): boolean => broker.straightEnv['BROKER_URL']?.startsWith('embedded:') === true;

const TERMINATE = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = $1 AND pid <> pg_backend_pid() AND random() < 0.5`;
/** Twice a second. */
const EVERY_MS = 500;

/** Half of the connections to a database are ended by the server, again and again. */
export const backends: FaultKind = {
  name: 'backends-killed',
  weight: 2,
  victims: databaseNamesOf,
  prepare: (victim, random) => {
    const ms = someTime(random, 500, 4_000);
    return {
      text: `loses half of its connections twice a second for ${inSeconds(ms)}`,
      play: async ({ postgres }) => {
        const end = Date.now() + ms;
        // The server itself may be away: then nobody has a connection.
        const terminate = () => postgres.ask(TERMINATE, [databaseOf(victim)]).catch(() => {});
        for (; Date.now() < end; await delay(EVERY_MS)) await terminate();
        return undefined;
      },
    };
  },
};
