import { delayAfter } from '../backoff.js';
import type { Arrival } from './delivery.js';
import { tryAlone } from './isolation.js';
import type { ConsumerOptions } from './options.js';
import { createParking, newTrial, type Trial } from './parking.js';
import { untilDatabaseAnswers } from './together.js';

/** Tries messages alone, and again those that failed, while the later ones of their key wait. */
export interface Retries {
  /** How many messages wait for their next try, or behind one that does. */
  waiting(): number;
  /** How long until the next try is due, at most `atMost`; in ms. */
  msUntilDue(atMost: number): number;
  /** Queues those whose key waits and returns the others. */
  withoutWaiting<T extends Arrival>(arrivals: readonly T[]): T[];
  /** Tries these one after the other. */
  attemptAll(arrivals: readonly Arrival[]): Promise<void>;
  /** Tries again what is due, at most a batch of it. */
  retryDue(): Promise<void>;
}

export function createRetries(
  options: ConsumerOptions,
  acknowledge: (messages: readonly Arrival[]) => Promise<void>,
  signal: AbortSignal,
): Retries {
  const { retry, batchSize } = options;
  const parking = createParking();

  /** Parks the key of a message that failed. Whether the message may be acknowledged. */
  const attempt = async (trial: Trial): Promise<boolean> => {
    const outcome = await tryAlone(trial, options);
    if (outcome === 'sealed') parking.settle(trial);
    else parking.park(trial, performance.now(), (failures) => delayAfter(failures, retry));
    if (outcome === 'unavailable') await untilDatabaseAnswers(options, signal);
    return outcome === 'sealed';
  };

  return {
    waiting: parking.size,
    msUntilDue: (atMost) => Math.max(0, Math.min(atMost, (parking.nextDueAt() ?? Infinity) - performance.now())),
    withoutWaiting: (arrivals) => arrivals.filter((arrival) => !parking.queue(newTrial(arrival))),
    attemptAll: async (arrivals) => {
      const sealed: Trial[] = [];
      for (const trial of arrivals.map(newTrial)) {
        if (signal.aborted) break;
        if (!parking.queue(trial) && (await attempt(trial))) sealed.push(trial);
      }
      await acknowledge(sealed);
    },
    retryDue: async () => {
      for (let tries = 0; tries < batchSize && !signal.aborted; tries += 1) {
        const trial = parking.due(performance.now());
        if (trial === undefined) return;
        if (await attempt(trial)) await acknowledge([trial]);
      }
    },
  };
}
