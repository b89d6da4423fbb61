import { delayAfter } from '../backoff.js';
import type { Arrival } from './delivery.js';
import { type TrialOutcome, tryAlone } from './isolation.js';
import type { ConsumerOptions } from './options.js';
import { createParking, newTrial, type Trial } from './parking.js';
import { untilDatabaseAnswers } from './together.js';

/** Tries messages alone, and again those that failed, while the later ones of their key wait. */
export interface Retries {
  /** How many messages wait for their next try, or behind one that does. */
  waiting(): number;
  /** Bytes of their payloads. */
  waitingBytes(): number;
  /** How long until the next try is due, at most `atMost`; in ms. */
  msUntilDue(atMost: number): number;
  /** Queues those whose key waits and returns the others. */
  withoutWaiting<T extends Arrival>(arrivals: readonly T[]): T[];
  /** Tries these one after the other, until one lacks a table or column: then the others are put off. */
  attemptAll(arrivals: readonly Arrival[]): Promise<void>;
  /** Has them tried alone with what is due, each in its turn. */
  putOff(arrivals: readonly Arrival[]): void;
  /** Tries again what is due, at most a batch of it, and until one lacks a table or column. */
  retryDue(): Promise<void>;
}

export function createRetries(
  options: ConsumerOptions,
  acknowledge: (messages: readonly Arrival[]) => Promise<void>,
  signal: AbortSignal,
): Retries {
  const { retry, batchSize } = options;
  const parking = createParking();

  /** Parks the key of a message that failed. */
  const attempt = async (trial: Trial): Promise<TrialOutcome> => {
    const outcome = await tryAlone(trial, options, signal);
    if (outcome === 'sealed') parking.settle(trial);
    else parking.park(trial, performance.now(), (failures) => delayAfter(failures, retry));
    if (outcome === 'unavailable') await untilDatabaseAnswers(options, signal);
    return outcome;
  };
  const putOff = (arrivals: readonly Arrival[]): void => {
    for (const trial of arrivals.map(newTrial)) {
      if (!parking.queue(trial)) parking.park(trial, performance.now(), () => 0);
    }
  };

  return {
    waiting: parking.size,
    waitingBytes: parking.bytes,
    msUntilDue: (atMost) => Math.max(0, Math.min(atMost, (parking.nextDueAt() ?? Infinity) - performance.now())),
    withoutWaiting: (arrivals) => arrivals.filter((arrival) => !parking.queue(newTrial(arrival))),
    attemptAll: async (arrivals) => {
      const sealed: Trial[] = [];
      for (const [index, trial] of arrivals.map(newTrial).entries()) {
        if (signal.aborted) break;
        if (parking.queue(trial)) continue;
        const outcome = await attempt(trial);
        if (outcome === 'sealed') sealed.push(trial);
        if (outcome !== 'lacking') continue;
        putOff(arrivals.slice(index + 1));
        break;
      }
      await acknowledge(sealed);
    },
    putOff,
    retryDue: async () => {
      for (let tries = 0; tries < batchSize && !signal.aborted; tries += 1) {
        const trial = parking.due(performance.now());
        if (trial === undefined) return;
        const outcome = await attempt(trial);
        if (outcome === 'sealed') await acknowledge([trial]);
        if (outcome === 'lacking') return;
      }
    },
  };
}
