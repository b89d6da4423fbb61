import { setTimeout as delay } from 'node:timers/promises';
import { type FaultKind, inSeconds, someTime } from './fault.js';

/** Nothing more can be written to the disk of PostgreSQL's data. */
export const diskFull: FaultKind = {
  name: 'disk-full',
  weight: 1,
  victims: ({ disk }) => (disk === undefined ? [] : ['PostgreSQL']),
  prepare: (_victim, random) => {
    const ms = someTime(random, 500, 5_000);
    return {
      text: `has a full disk for ${inSeconds(ms)}`,
      play: async ({ disk }) => {
        disk?.fill();
        try {
          await delay(ms);
        } finally {
          disk?.empty();
        }
        return undefined;
      },
    };
  },
};
