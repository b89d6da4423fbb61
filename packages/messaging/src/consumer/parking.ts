import type { AlpesError } from '../errors.js';
import { payloadBytes } from '../size-limit.js';
import type { ReceivedMessage } from '../subscriber.js';
import type { Arrival } from './delivery.js';

/** A message that is tried alone, with what is known of its tries. */
export interface Trial extends Arrival {
  /** Tries counted so far, in any process. */
  attempts: number;
  /** Whether the next try is counted already. */
  counted: boolean;
  /** How often the handler had got through when this message last lacked a table or column. */
  passesAtLack?: number;
  /** Why it is dead: all that is left to do is to bury it. */
  verdict?: AlpesError;
}

/** A message that was not tried alone yet. */
export function newTrial({ received, envelope }: Arrival): Trial {
  return { received, envelope, attempts: 0, counted: false };
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
  /** Bytes of their payloads. */
  bytes(): number;
  /** Queues the message behind its key if that waits, once however often it is received; false if it does not. */
  queue(trial: Trial): boolean;
  /** Parks the key of a message that failed, or keeps it parked; it is due after `delay(failures in a row)`. */
  park(trial: Trial, now: number, delay: (failures: number) => number): void;
  /** Until when nothing is due; undefined when nothing waits. */
  nextDueAt(): number | undefined;
  /** The oldest message of a key that is due: of those the one that was parked first, so that each has its turn. */
  due(now: number): Trial | undefined;
  /** Takes away the oldest message of this key, whose fate is sealed; the one behind it is due at once. */
  settle(trial: Trial): void;
}

/** The key by which a message is held back. One without a key holds back nothing but itself. */
function orderKey({ received }: Arrival): string {
  return received.key === '' ? `position ${placeOf(received)}` : `key ${received.key}`;
}

function placeOf({ partition, position }: ReceivedMessage): string {
  return `${partition} ${position}`;
}

export function createParking(): Parking {
  const parked = new Map<string, Parked>();
  return {
    size: () => [...parked.values()].reduce((sum, { trials }) => sum + trials.length, 0),
    bytes: () => payloadBytes([...parked.values()].flatMap(({ trials }) => trials.map(({ received }) => received))),
    queue: (trial) => {
      const waiting = parked.get(orderKey(trial));
      if (waiting === undefined) return false;
      const place = placeOf(trial.received);
      if (waiting.trials.every(({ received }) => placeOf(received) !== place)) waiting.trials.push(trial);
      return true;
    },
    park: (trial, now, delay) => {
      const key = orderKey(trial);
      const waiting = parked.get(key) ?? { trials: [trial], failures: 0, dueAt: now };
      waiting.failures += 1;
      waiting.dueAt = now + delay(waiting.failures);
      parked.delete(key);
      parked.set(key, waiting);
    },
    nextDueAt: () => (parked.size === 0 ? undefined : Math.min(...[...parked.values()].map(({ dueAt }) => dueAt))),
    due: (now) => [...parked.values()].find(({ dueAt }) => dueAt <= now)?.trials[0],
    settle: (trial) => {
      const key = orderKey(trial);
      const waiting = parked.get(key);
      if (waiting?.trials[0] !== trial) return;
      waiting.trials.shift();
      waiting.failures = 0;
      waiting.dueAt = 0;
      if (waiting.trials.length === 0) parked.delete(key);
    },
  };
}
