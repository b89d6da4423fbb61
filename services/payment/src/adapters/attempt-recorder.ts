import { AlpesError, passCrashPoint } from '@alpes/messaging';
import type { Attempt } from '../use-cases/record-attempts.js';
import type { SurviveOutages } from './database-outage.js';

interface Options {
  /** Writes attempts in one transaction. */
  readonly write: (attempts: readonly Attempt[]) => Promise<void>;
  readonly survive: SurviveOutages;
  /** Aborted when there is no more time to wait for the database. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly attempt: Attempt;
  readonly settle: (error: Error | undefined) => void;
}

/**
 * Records attempts, those that arrive together in one transaction: what comes while one is under way goes into the next.
 * The returned function resolves when its attempt is recorded. When attempts can't be recorded together, each is tried
 * alone, so that one that can't be recorded harms no other; what is lost is asked of the gateway again once its lease
 * is over.
 */
export function createAttemptRecorder({ write, survive, signal }: Options): (attempt: Attempt) => Promise<void> {
  const waiting: Waiting[] = [];
  let busy = false;

  const tryWrite = async (batch: readonly Waiting[]): Promise<AlpesError | undefined> => {
    try {
      const done = await survive(() => write(batch.map(({ attempt }) => attempt)), signal);
      return done === undefined ? new AlpesError('unavailable', 'stopped while the database was away') : undefined;
    } catch (thrown) {
      return AlpesError.from(thrown);
    }
  };

  const drain = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      const error = await tryWrite(batch);
      const alone = error !== undefined && error.nature !== 'transient' && batch.length > 1;
      for (const one of batch) one.settle(alone ? await tryWrite([one]) : error);
    }
    busy = false;
  };

  return (attempt) =>
    new Promise((resolve, reject) => {
      if (attempt.outcome.kind === 'answered') passCrashPoint('charged');
      waiting.push({ attempt, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      if (!busy) void drain();
    });
}
