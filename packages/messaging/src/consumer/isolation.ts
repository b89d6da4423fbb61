import { AlpesError } from '../errors.js';
import type { BatchHandler } from './pipeline.js';
import type { Death } from './dead-letter.js';
import type { Trial } from './parking.js';

export interface IsolationOptions {
  readonly subscription: string;
  readonly type: string;
  /** After how many counted tries a message whose error is of an unknown kind is dead. */
  readonly maxAttempts: number;
  readonly handle: BatchHandler;
  readonly countAttempt: (subscription: string, messageId: string) => Promise<number>;
  readonly bury: (death: Death) => Promise<boolean>;
}

/** How a try of a single message ended: `sealed` means that it may be acknowledged, `retry` that its key waits. */
export type TrialOutcome = 'sealed' | 'retry';

/**
 * Tries one message alone. The try is counted before it begins, so that one that kills the process counts too: a message
 * that is found with all its tries used up is dead without another. Transient errors are not counted. Rejects only with
 * `unavailable`: then nothing is known, and the caller tries again when the database is back.
 */
export function createIsolation(options: IsolationOptions) {
  const { subscription, type, maxAttempts, handle, countAttempt, bury } = options;

  const count = async (trial: Trial): Promise<number> => {
    if (!trial.counted || trial.attempts === undefined) {
      trial.attempts = await countAttempt(subscription, trial.delivery.envelope.id);
      trial.counted = true;
    }
    return trial.attempts;
  };

  const die = async ({ delivery }: Trial, error: AlpesError, attempts: number): Promise<TrialOutcome> => {
    const { id, redrive } = delivery.envelope;
    await bury({ received: delivery.received, key: { messageId: id, redrive }, error, attempts });
    return 'sealed';
  };

  return async (trial: Trial): Promise<TrialOutcome> => {
    const attempts = await count(trial);
    if (attempts > maxAttempts) {
      const text = `the process ended during the last of ${maxAttempts} attempts`;
      return die(trial, new AlpesError('unknown', text), maxAttempts);
    }
    try {
      await handle({ subscription, type, deliveries: [trial.delivery], isolated: true });
      return 'sealed';
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      if (error.code === 'unavailable') throw error;
      if (error.nature === 'permanent') return die(trial, error, attempts);
      if (error.nature === 'unknown') {
        if (attempts >= maxAttempts) return die(trial, error, attempts);
        trial.counted = false;
      }
      return 'retry';
    }
  };
}
