import type { Control } from './control.js';

/**
 * A try is counted in the transaction that it is a try of: what fails is rolled back, the count with it, and the next
 * try is the first again.
 */
export const attemptInside: Control = {
  reveals: {
    ...{ point: 'received', action: 'kill' },
    forced: { victim: 'sink', poison: [{ stage: 'sink', kind: 'throws' }] },
  },
  breakStores: ({ inbox }) => ({ inbox: { ...inbox, countAttempt: async () => 1 } }),
};
