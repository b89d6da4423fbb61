import type { AlpesError } from '../errors.js';
import type { Delivery } from './delivery.js';

/** A message that is tried alone, with what is known of its tries. */
export interface Trial {
  readonly delivery: Delivery;
  /** Tries counted so far, in any process; of a message that is dead on arrival its one reading. */
  attempts: number;
  /** Whether the next try is counted already. */
  counted: boolean;
  /** Why it is dead: all that is left to do is to bury it. */
  verdict?: AlpesError;
}

/** A message that was not tried yet; with a verdict one that is dead on arrival. */
export function newTrial(delivery: Delivery, verdict?: AlpesError): Trial {
  return verdict === undefined
    ? { delivery, attempts: 0, counted: false }
    : { delivery, attempts: 1, counted: true, verdict };
}

/** The messages of one key that wait because the first of them failed. */
interface Parked {
  readonly trials: Trial[];
  failures: number;
  dueAt: number;
}

/** Holds back the keys whose oldest message waits for its next try; every other key goes on. Times in ms. */
export interface Parking {
  /** How many messages wait. */
  size(): number;
  /** Queues the message behind its key if that waits; false if it does not. */
  queue(trial: Trial): boolean;
  /** Parks the key of a message that failed, or keeps it parked; it is due after `delay(failures in a row)`. */
  park(trial: Trial, now: number, delay: (failures: number) => number): void;
  /** Until when nothing is due; undefined when nothing waits. */
  nextDueAt(): number | undefined;
  /** The oldest message of a key that is due. */
  due(now: number): Trial | undefined;
  /** Takes away the oldest message of this key, whose fate is sealed; the one behind it is due at once. */
  settle(trial: Trial): void;
}

/** The key by which a message is held back. One without a key holds back nothing but itself. */
export function orderKey({ received }: Delivery): string {
  return received.key === '' ? `position ${received.partition} ${received.position}` : `key ${received.key}`;
}

export function createParking(): Parking {
  const parked = new Map<string, Parked>();
  return {
    size: () => [...parked.values()].reduce((sum, { trials }) => sum + trials.length, 0),
    queue: (trial) => {
      const waiting = parked.get(orderKey(trial.delivery));
      waiting?.trials.push(trial);
      return waiting !== undefined;
    },
    park: (trial, now, delay) => {
      const key = orderKey(trial.delivery);
      const waiting = parked.get(key) ?? { trials: [trial], failures: 0, dueAt: now };
      waiting.failures += 1;
      waiting.dueAt = now + delay(waiting.failures);
      parked.set(key, waiting);
    },
    nextDueAt: () => (parked.size === 0 ? undefined : Math.min(...[...parked.values()].map(({ dueAt }) => dueAt))),
    due: (now) => [...parked.values()].find(({ dueAt }) => dueAt <= now)?.trials[0],
    settle: (trial) => {
      const key = orderKey(trial.delivery);
      const waiting = parked.get(key);
      if (waiting?.trials[0] !== trial) return;
      waiting.trials.shift();
      waiting.failures = 0;
      waiting.dueAt = 0;
      if (waiting.trials.length === 0) parked.delete(key);
    },
  };
}
