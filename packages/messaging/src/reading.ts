import { pause } from './backoff.js';
import { shared } from './shared.js';

/** How long in ms a reading may take: less than any monitoring waits for all metrics of a process together. */
const READING_MS = 2_000;

/** What is read for a metric; undefined if that fails or takes too long, for one that is stuck must not hide the others. */
export async function readingOf<T>(read: () => Promise<T>): Promise<T | undefined> {
  const timing = new AbortController();
  const late = pause(READING_MS, timing.signal).then(() => undefined);
  const reading = read().catch(() => undefined);
  return Promise.race([reading, late]).finally(() => timing.abort());
}

/**
 * For several metrics of one reading: whoever asks while it is under way gets the same. Metrics are collected side by
 * side, so one that was set by another's collection would be told as it was the time before.
 */
export const sharedReading = <T>(read: () => Promise<T>): (() => Promise<T | undefined>) =>
  shared(() => readingOf(read));
