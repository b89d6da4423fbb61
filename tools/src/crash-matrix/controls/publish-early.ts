import type { Control } from './control.js';

/** Messages are published while their transaction is still open: it may be rolled back. */
export const publishEarly: Control = {
  reveals: { point: 'before-commit', action: 'kill', forced: { victim: 'source', poison: [] } },
  breakStores: ({ outbox, publisher }) => ({
    outbox: {
      ...outbox,
      append: async (_, messages) => {
        const failure = (await publisher.publish(messages)).find((result) => result !== undefined);
        if (failure !== undefined) throw failure;
      },
    },
  }),
};
