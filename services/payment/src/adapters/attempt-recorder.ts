import { AlpesError, createBatcher, passCrashPoint } from '@alpes/messaging';
import type { Attempt } from '../use-cases/record-attempts.js';
import type { SurviveOutages } from './database-outage.js';

interface Options {
  /** Writes attempts in one transaction. */
  readonly write: (attempts: readonly Attempt[]) => Promise<void>;
  readonly survive: SurviveOutages;
  /** Aborted when there is no more time to wait for the database. */
  readonly signal: AbortSignal;
}

/**
 * Records attempts, those that arrive together in one transaction.
 * The returned function resolves when its attempt is recorded. When attempts can't be recorded together, each is tried
 * alone, so that one that can't be recorded harms no other; what is lost is asked of the gateway again once its lease
 * is over.
 */
export function createAttemptRecorder({ write, survive, signal }: Options): (attempt: Attempt) => Promise<void> {
  const tryWrite = async (batch: readonly Attempt[]): Promise<AlpesError | undefined> => {
    try {
      const done = await survive(() => write(batch), signal);
      return done === undefined ? new AlpesError('unavailable', 'stopped while the database was away') : undefined;
    } catch (thrown) {
      return AlpesError.from(thrown);
    }
  };

  const batcher = createBatcher(
    async (batch: readonly Attempt[]) => {
      const error = await tryWrite(batch);
      if (error === undefined || error.nature === 'transient' || batch.length === 1) return batch.map(() => error);
      const alone: (AlpesError | undefined)[] = [];
      for (const one of batch) alone.push(await tryWrite([one]));
      return alone;
    },
    (waiting) => waiting.length,
  );

  return async (attempt) => {
    if (attempt.outcome.kind === 'answered') passCrashPoint('charged');
    const error = await batcher.add(attempt);
    if (error !== undefined) throw error;
  };
}
