/**
 * A batch costs about the same however many messages it has. So who had several waits a little for company before it
 * takes the next, so many ms for each of them: at less than 200 messages a second the waits, and with them the batches,
 * shrink to nothing; above, they grow to the longest.
 */
const MS_PER_MESSAGE = 5;
const LONGEST_MS = 100;

/** The time in ms from the begin of a batch to that of the next. Behind a full one there are others already. */
export function companyMs(messages: number, batchSize: number): number {
  return messages >= batchSize ? 0 : Math.min(LONGEST_MS, MS_PER_MESSAGE * messages);
}
