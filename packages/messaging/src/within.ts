import { pause } from './backoff.js';

/** Waits for work, but no longer than so many ms. Whether it ended in time; rejects if the work does. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timing = new AbortController();
  const late = pause(ms, timing.signal).then(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timing.abort();
  }
}
