import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type FaultKind, inSeconds, someTime } from './fault.js';

const CONNECTIONS = 100;

/** Somebody else takes half of the connections that the server has, and does nothing with them. */
export const foreignConnections: FaultKind = {
  name: 'foreign-connections',
  weight: 1,
  victims: () => ['PostgreSQL'],
  prepare: (_victim, random) => {
    const ms = someTime(random, 1_000, 6_000);
    return {
      text: `has ${CONNECTIONS} foreign connections that stand idle for ${inSeconds(ms)}`,
      play: async ({ postgres }) => {
        const tried = Array.from({ length: CONNECTIONS }, () => open(postgres.urls.reporting));
        const clients = (await Promise.all(tried)).filter((client) => client !== undefined);
        await delay(ms);
        await Promise.allSettled(clients.map((client) => client.end()));
        return clients.length === CONNECTIONS ? undefined : `it had room for ${clients.length}`;
      },
    };
  },
};

async function open(url: string): Promise<Client | undefined> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  return client.connect().then(
    () => client,
    () => undefined,
  );
}
