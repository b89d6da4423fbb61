import { AlpesError } from '../errors.js';
import type { InboxStore } from '../inbox/store.js';
import type { Logger } from '../logger.js';
import type { Death } from './dead-letter.js';
import type { Trial } from './parking.js';
import type { BatchHandler } from './pipeline.js';

export interface IsolationOptions {
  readonly subscription: string;
  readonly type: string;
  /** After how many counted tries a message whose error is of an unknown kind is dead. */
  readonly maxAttempts: number;
  readonly handle: BatchHandler;
  readonly attempts: Pick<InboxStore<never>, 'countAttempt' | 'uncountAttempt'>;
  readonly bury: (death: Death) => Promise<boolean>;
  readonly logger: Logger;
}

/**
 * How a try of a single message ended. `sealed`: it may be acknowledged. `retry`: its key waits. `unavailable`: its key
 * waits too, and perhaps everything else must.
 */
export type TrialOutcome = 'sealed' | 'retry' | 'unavailable';

/**
 * Tries one message alone. The try is counted before it begins, so that one that kills the process counts too: a message
 * that is found with all its tries used up is dead without another. A try that meets a transient error does not count.
 * What was found dead stays so, should its burial fail: then that alone is repeated. Never rejects: what `handle` and
 * `bury` throw, they have logged.
 */
export function createIsolation(options: IsolationOptions): (trial: Trial) => Promise<TrialOutcome> {
  const { subscription, type, handle, bury } = options;
  return async (trial) => {
    try {
      if (trial.verdict === undefined && (await count(trial, options))) {
        await handle({ subscription, type, deliveries: [trial.delivery], isolated: true }).catch((thrown: unknown) =>
          judge(trial, AlpesError.from(thrown), options),
        );
      }
      if (trial.verdict !== undefined) await bury(deathOf(trial, trial.verdict));
      return 'sealed';
    } catch (thrown) {
      return AlpesError.from(thrown).code === 'unavailable' ? 'unavailable' : 'retry';
    }
  };
}

/** False if it has no tries left. */
async function count(trial: Trial, { attempts, subscription, maxAttempts, logger }: IsolationOptions) {
  const messageId = trial.delivery.envelope.id;
  if (!trial.counted) {
    trial.attempts = await attempts.countAttempt(subscription, messageId).catch((err: unknown) => {
      logger.warn({ err, subscription, messageId }, 'a try could not be counted, so it waits');
      throw err;
    });
    trial.counted = true;
  }
  if (trial.attempts <= maxAttempts) return true;
  trial.attempts = maxAttempts;
  trial.verdict = new AlpesError('unknown', `the process ended during the last of ${maxAttempts} attempts`);
  return false;
}

/** Returns if the message is dead, and throws the error if it is to be tried again. */
async function judge(trial: Trial, error: AlpesError, options: IsolationOptions): Promise<void> {
  if (error.nature === 'transient') {
    const { envelope } = trial.delivery;
    const uncounting = options.attempts.uncountAttempt(options.subscription, envelope.id);
    trial.counted = await uncounting.then(
      () => false,
      () => true,
    );
    throw error;
  }
  if (error.nature === 'permanent' || trial.attempts >= options.maxAttempts) {
    trial.verdict = error;
    return;
  }
  trial.counted = false;
  throw error;
}

function deathOf({ delivery, attempts }: Trial, error: AlpesError): Death {
  const { id, redrive } = delivery.envelope;
  return { received: delivery.received, key: { messageId: id, redrive }, error, attempts };
}
