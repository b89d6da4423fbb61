/** Times in ms. Short, for most of a run is waiting until what a dead process had is free. */

/** How long a right to relay, a share of the partitions, or a claim of the worker outlives a process that stands still. */
export const LEASE_MS = 500;
/** Longest wait for what was committed or published, should its notification be lost. */
export const POLL_MS = 100;
/** Longest wait for a lock, and longest idle time in a transaction: then the row of a frozen process is free. */
export const LOCK_TIMEOUT_MS = 2_000;
/** How long a run may stand still before it counts as one that does not settle. With a control that is what is waited for. */
export const STALL_MS = { proof: 20_000, control: 8_000 };
/**
 * A Pulsar. `idleMs`: how long one that stands still keeps its partitions, of a broker that is started for the matrix (a
 * sign of life comes every 6 s), and of another, which has our settings; up to twice as long until others have them.
 * `slowness`: how much longer everything else may take than with the log in PostgreSQL.
 */
export const PULSAR = { idleMs: 10_000, foreignIdleMs: 20_000, slowness: 3 };
/** How long a long transaction stays open, at most: shorter than the locks that others wait for. */
export const LONG_TRANSACTION_MS = 300;
/**
 * How long a late one stays open: longer than it takes the looks of the relay to begin behind its messages, which is two
 * seconds of the relay's time.
 */
export const LATE_TRANSACTION_MS = { least: 2_500, most: 3_500 };
/** First and longest delay between the tries of a message. */
export const RETRY = { firstMs: 20, maxMs: 100 };
