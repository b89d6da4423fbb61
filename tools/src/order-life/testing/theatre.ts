import { jest } from '@jest/globals';
import { setImmediate as microtasks } from 'node:timers/promises';
import type { Venue } from '../../../../packages/messaging/fixtures/model/model-suite.js';
import type { LifeHappening } from './happenings.js';

/** Where schedules are played, one after the other: a time that stands still unless it is told to pass. */
export interface LifeTheatre extends Venue {
  /** Puts the clock back, and forgets all timers. */
  clear(): void;
  /** Lets time pass, and what was to happen in it. */
  pass(ms: number): void;
  /** Returns once everybody waits. */
  settle(): Promise<void>;
  /** Notes that something took place. */
  saw(happening: LifeHappening): void;
  readonly seen: ReadonlyMap<LifeHappening, number>;
}

const BEGINNING = Date.UTC(2030, 0, 1);
/** Nobody asks for these, or they are how it is known that everybody waits. */
const REAL = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;

export function openLifeTheatre(): Promise<LifeTheatre> {
  jest.useFakeTimers({ doNotFake: [...REAL] });
  const seen = new Map<LifeHappening, number>();
  return Promise.resolve({
    seen,
    saw: (happening) => seen.set(happening, (seen.get(happening) ?? 0) + 1),
    now: () => Date.now(),
    clear: () => {
      jest.clearAllTimers();
      jest.setSystemTime(BEGINNING);
    },
    pass: (ms) => jest.advanceTimersByTime(ms),
    // Nobody waits for anything outside: what can go on has done so after the microtasks.
    settle: () => microtasks(),
    close: () => {
      jest.useRealTimers();
      return Promise.resolve();
    },
  });
}
