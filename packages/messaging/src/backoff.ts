import { setTimeout as delay } from 'node:timers/promises';
import { AlpesError } from './errors.js';
import type { Logger } from './logger.js';

/** Growing delays: `firstMs`, doubling, at most `maxMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** The delay in ms after the `failures`-th failure in a row (1 is the first). */
export function delayAfter(failures: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
}

/** Waits; returns early, without an error, when the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}

/** Takes note of how something is: undefined when it is there, else why it is not. */
export type Note = (error: AlpesError | undefined) => void;

/** Logs one line when something goes, and one when it comes back. */
export function outageLog(what: string, logger: Logger): Note {
  let failures = 0;
  return (error) => {
    if (error !== undefined) {
      if (failures === 0) logger.warn({ err: error }, `${what}: not available, trying until it is`);
      failures += 1;
    } else if (failures > 0) {
      logger.info({ failures }, `${what}: available again`);
      failures = 0;
    }
  };
}

/**
 * Repeats `work`, which must be safe to repeat, with growing delays for as long as its error is transient, and notes what
 * comes of each try. Other errors are thrown. Undefined when the signal is aborted first.
 */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  { backoff, signal, note }: { backoff: Backoff; signal: AbortSignal; note: Note },
): Promise<{ value: T } | undefined> {
  for (let failures = 1; ; failures += 1) {
    try {
      const value = await work();
      note(undefined);
      return { value };
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      if (error.nature !== 'transient') throw error;
      // What is closed while it is at work fails, and nobody is to be told.
      if (signal.aborted) return undefined;
      note(error);
    }
    await pause(delayAfter(failures, backoff), signal);
    if (signal.aborted) return undefined;
  }
}
