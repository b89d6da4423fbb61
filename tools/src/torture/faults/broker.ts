import { setTimeout as delay } from 'node:timers/promises';
import { readState } from '../../pulsar/state.js';
import { type FaultKind, inSeconds, someTime } from './fault.js';

/** The broker ends from one moment to the next, and is started again. */
export const brokerKilled: FaultKind = {
  name: 'broker-killed',
  weight: 1,
  victims: ({ broker }) => (broker.pulsar === undefined ? [] : ['Pulsar']),
  prepare: () => ({
    text: 'is killed',
    play: async ({ broker }) => {
      await broker.pulsar?.kill();
      await broker.pulsar?.isBack();
      return undefined;
    },
  }),
};

/** The broker stands still. */
export const brokerFrozen: FaultKind = {
  name: 'broker-frozen',
  weight: 1,
  victims: ({ broker }) => (broker.pulsar === undefined ? [] : ['Pulsar']),
  prepare: (_victim, random) => {
    const ms = someTime(random, 500, 6_000);
    return {
      text: `stands still for ${inSeconds(ms)}`,
      play: async ({ broker }) => {
        const pid = broker.pulsar && readState(broker.pulsar.folder)?.pid;
        if (pid === undefined) return 'it was not there';
        process.kill(pid, 'SIGSTOP');
        await delay(ms);
        process.kill(pid, 'SIGCONT');
        return undefined;
      },
    };
  },
};
