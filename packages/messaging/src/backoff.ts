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

/**
 * Repeats `work`, which must be safe to repeat, with growing delays for as long as its error is transient, and logs one
 * line when that begins and one when it ends. Other errors are thrown. Undefined when the signal is aborted first.
 */
export async function untilAvailable<T>(
  work: () => Promise<T>,
  { what, backoff, signal, logger }: { what: string; backoff: Backoff; signal: AbortSignal; logger: Logger },
): Promise<{ value: T } | undefined> {
  for (let failures = 1; ; failures += 1) {
    try {
      const value = await work();
      if (failures > 1) logger.info({ failures: failures - 1 }, `${what}: available again`);
      return { value };
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      if (error.nature !== 'transient') throw error;
      if (failures === 1) logger.warn({ err: error }, `${what}: not available, trying until it is`);
    }
    await pause(delayAfter(failures, backoff), signal);
    if (signal.aborted) return undefined;
  }
}
