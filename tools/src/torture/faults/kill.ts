import { processNames, signalTo } from './processes.js';
import { type FaultKind, STARTING } from './fault.js';

/** A process ends from one moment to the next. */
export const kill: FaultKind = {
  name: 'kill',
  weight: 4,
  uses: STARTING,
  victims: processNames,
  prepare: (victim) => ({
    text: 'is killed',
    play: async (site) => {
      signalTo(site, victim, 'SIGKILL');
      return undefined;
    },
  }),
};
