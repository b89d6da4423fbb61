import { setTimeout as delay } from 'node:timers/promises';
import { type FaultKind, inSeconds, someTime } from './fault.js';
import { processNames, signalTo } from './processes.js';

/** A process stands still, for shorter or longer than what it has leased, and goes on as if nothing had been. */
export const freeze: FaultKind = {
  name: 'freeze',
  weight: 3,
  victims: processNames,
  prepare: (victim, random) => {
    const ms = someTime(random, 500, 8_000);
    return {
      text: `stands still for ${inSeconds(ms)}`,
      play: async (site) => {
        signalTo(site, victim, 'SIGSTOP');
        try {
          await delay(ms);
        } finally {
          signalTo(site, victim, 'SIGCONT');
        }
        return undefined;
      },
    };
  },
};
