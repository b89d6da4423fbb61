import type { Databases } from '../databases.js';
import { STALL_MS } from '../timing.js';
import { type Brokers, connect } from './brokers.js';

/** For each run a log in a PostgreSQL database. */
export function embeddedBrokers(databases: Databases, stall: keyof typeof STALL_MS): Brokers {
  return {
    open: async (declared) => {
      const database = await databases.create('log');
      const { env, transport } = await connect({ BROKER_URL: `embedded:${database.url}` }, declared);
      return {
        ...{ env, transport },
        close: async () => {
          await transport.close();
          await database.drop();
        },
      };
    },
    stallMs: () => STALL_MS[stall],
    close: async () => {},
  };
}
