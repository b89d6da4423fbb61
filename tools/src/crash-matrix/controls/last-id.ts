import type { Control } from './control.js';

const PREPARE = 'CREATE TABLE IF NOT EXISTS last_id (id bigint NOT NULL)';
const READ = 'SELECT coalesce(max(id), 0)::text AS id FROM last_id';
const REMEMBER = 'INSERT INTO last_id VALUES ($1::bigint)';
/** More than ever wait at once. */
const ALL = 100_000;

/** The relay remembers the last id that it has seen and reads on behind it: a smaller one that shows later is forgotten. */
export const lastId: Control = {
  // The stage whose relay it is lives, so that long transactions come to their end.
  reveals: {
    ...{ point: 'acknowledged', action: 'kill' },
    forced: { victim: 'sink', nth: 8, accounts: 8, batchSize: 10, waveSize: 24, longTransactions: true, poison: [] },
  },
  breakStores: ({ outbox, prisma }) => ({
    outbox: {
      ...outbox,
      peek: async (limit, except) => {
        await prisma.$executeRawUnsafe(PREPARE);
        const [last] = await prisma.$queryRawUnsafe<{ id: string }[]>(READ);
        const rows = (await outbox.peek(ALL, except)).filter(({ id }) => BigInt(id) > BigInt(last?.id ?? 0));
        const batch = rows.slice(0, limit);
        const seen = batch.at(-1);
        if (seen !== undefined) await prisma.$executeRawUnsafe(REMEMBER, seen.id);
        return batch;
      },
    },
  }),
};
