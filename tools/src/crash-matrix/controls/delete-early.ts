import type { Control } from './control.js';

/** Messages are deleted from the outbox when the relay has read them: a broker that is away never gets them. */
export const deleteEarly: Control = {
  // The stage whose relay it is goes on while the broker is away.
  reveals: { point: 'published', action: 'broker', forced: { victim: 'source', poison: [] } },
  breakStores: ({ outbox }) => ({
    outbox: {
      ...outbox,
      peek: async (limit, except, after) => {
        const rows = await outbox.peek(limit, except, after);
        await outbox.remove(rows.map(({ id }) => id));
        return rows;
      },
    },
  }),
};
