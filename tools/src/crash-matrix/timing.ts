/** Times in ms. Short, for most of a run is waiting until what a dead process had is free. */

/** How long a right to relay, a share of the partitions, or a claim of the worker outlives a process that stands still. */
export const LEASE_MS = 500;
/** Longest wait for what was committed or published, should its notification be lost. */
export const POLL_MS = 100;
/** Longest wait for a lock, and longest idle time in a transaction: then the row of a frozen process is free. */
export const LOCK_TIMEOUT_MS = 2_000;
/** How long a long transaction stays open, at most: shorter than the locks that others wait for. */
export const LONG_TRANSACTION_MS = 300;
/** First and longest delay between the tries of a message. */
export const RETRY = { firstMs: 20, maxMs: 100 };
