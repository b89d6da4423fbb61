import type { Time } from '../domain/time.js';

/** Time that passes only in pauses, which end at once. */
export function virtualTime(): Time {
  let now = 0;
  return {
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
}
