import type { Control } from './control.js';

/** A look of the relay that begins behind an id leaves out what appeared late before it, of the keys that it shows too. */
export const lateLeftOut: Control = {
  // The stage whose relay it is lives, so that its looks have long begun behind an id.
  reveals: {
    ...{ point: 'acknowledged', action: 'kill' },
    forced: { ...{ victim: 'sink', accounts: 8, partitions: 4, waveSize: 24, poison: [] }, lateTransaction: true },
  },
  breakStores: ({ outbox }) => ({
    outbox: {
      ...outbox,
      peek: async (limit, except, after) => {
        const rows = await outbox.peek(limit, except, after);
        return rows.filter(({ id }) => after === undefined || BigInt(id) > BigInt(after));
      },
    },
  }),
};
