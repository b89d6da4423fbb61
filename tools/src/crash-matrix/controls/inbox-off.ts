import type { Control } from './control.js';

/** The inbox lets everything pass: what is delivered again is handled again. */
export const inboxOff: Control = {
  reveals: { point: 'committed', action: 'kill', forced: { victim: 'sink', poison: [] } },
  breakStores: ({ inbox }) => ({
    inbox: { ...inbox, claim: async (_, __, messages) => new Set(messages.map(({ messageId }) => messageId)) },
  }),
};
