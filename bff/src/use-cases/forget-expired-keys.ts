import type { IdempotencyStore } from '../domain/idempotency-store.js';

/** So few that nobody waits for the rows of one step. */
const STEP = 1_000;

/** Deletes the keys that have expired, in small steps. */
export function forgetExpiredKeys({ keys }: { keys: Pick<IdempotencyStore, 'deleteExpired'> }) {
  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && (await keys.deleteExpired(STEP)) === STEP);
  };
}
