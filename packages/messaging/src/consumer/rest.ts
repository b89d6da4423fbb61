/**
 * A batch costs about the same however many messages it has. So who has worked on one rests twice as long before it takes the
 * next: what comes meanwhile becomes one batch. Whoever has little to do rests a few ms, in which hardly anything comes; the
 * busier the machine, the longer a batch takes, the longer the rest, the larger the batches, the less there is to do.
 */
const TIMES = 2;
const LONGEST_MS = 100;

/** The rest in ms after a batch that took so long. */
export function restMs(tookMs: number): number {
  return Math.min(LONGEST_MS, TIMES * tookMs);
}
