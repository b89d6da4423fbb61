/** Times in ms. Short, for most of a run is waiting until what a dead process had is free. */

/** How long a right to relay, a share of the partitions, or a claim of the worker outlives a process that stands still. */
export const LEASE_MS = 500;
/** Longest wait for what was committed or published, should its notification be lost. */
export const POLL_MS = 100;
/** Longest wait for a lock, and longest idle time in a transaction: then the row of a frozen process is free. */
export const LOCK_TIMEOUT_MS = 2_000;
/** How long a long transaction stays open, at most: shorter than the locks that others wait for. */
export const LONG_TRANSACTION_MS = 300;
/**
 * How long a late one stays open: longer than it takes the looks of the relay to begin behind its messages, which is two
 * seconds of the relay's time.
 */
export const LATE_TRANSACTION_MS = { least: 2_500, most: 3_500 };
/** First and longest delay between the tries of a message. */
export const RETRY = { firstMs: 20, maxMs: 100 };
