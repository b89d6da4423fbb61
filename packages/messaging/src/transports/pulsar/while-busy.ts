import { setTimeout as delay } from 'node:timers/promises';

/** How long in ms somebody else may take to create what we would create too. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 50;

/** Repeats `work`, which must be safe to repeat, while its result says that somebody is at it; returns the last result. */
export async function whileBusy<T>(work: () => Promise<T>, isBusy: (result: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const result = await work();
    if (!isBusy(result) || Date.now() > deadline) return result;
    await delay(PAUSE_MS);
  }
}
