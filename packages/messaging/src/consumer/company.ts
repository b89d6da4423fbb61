/**
 * A batch costs about the same however many messages it has. So who had several waits a little for company before it
 * takes the next, so many ms for each of them: with many messages a second the waits, and with them the batches, grow to
 * the longest, with few they shrink, and there is none.
 */
const SEVERAL = 10;
const MS_PER_MESSAGE = 5;
const LONGEST_MS = 100;

/** The time in ms from the begin of a batch to that of the next. Behind a full one there are others already. */
export function companyMs(messages: number, batchSize: number): number {
  if (messages < SEVERAL || messages >= batchSize) return 0;
  return Math.min(LONGEST_MS, MS_PER_MESSAGE * messages);
}
