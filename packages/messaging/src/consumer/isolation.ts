import { AlpesError, needsOtherSchema } from '../errors.js';
import type { Death } from './dead-letter.js';
import { open } from './delivery.js';
import type { ConsumerOptions } from './options.js';
import type { Trial } from './parking.js';

/**
 * How a try of a single message ended. `sealed`: it may be acknowledged. `retry`: its key waits. `unavailable`: its key
 * waits too, and perhaps everything else must. `lacking`: so it is, for a table or column is not there.
 */
export type TrialOutcome = 'sealed' | 'retry' | 'unavailable' | 'lacking';

/**
 * Tries one message alone. The try is counted before it begins, the reading of its body included, so that one that
 * kills the process counts too: a message that is found with all its tries used up is dead without another. Of all
 * consumers of a process one tries at a time, or the death of the process would count against innocent messages. A try
 * that meets a transient error does not count, unless it lacks a table or column which others did not lack in the
 * meantime. One whose fate was sealed before is not even read. What was found dead stays so, should its burial fail:
 * then that alone is repeated. Never rejects: what `handle` and `bury` throw, they have logged.
 */
export async function tryAlone(trial: Trial, options: ConsumerOptions, signal: AbortSignal): Promise<TrialOutcome> {
  try {
    if (trial.verdict === undefined) {
      await options.oneAtATime(async () => {
        if (await count(trial, options)) await handle(trial, options);
      });
    }
    if (trial.verdict !== undefined) await options.bury(deathOf(trial, trial.verdict));
    return 'sealed';
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    if (error.code !== 'unavailable') return 'retry';
    if (!needsOtherSchema(error)) return 'unavailable';
    trial.passesAtLack = options.tables.passes();
    await options.tables.lacked(error, signal);
    return 'lacking';
  }
}

/** False if it has no tries left, or needs none. */
async function count(trial: Trial, { attempts, subscriptionName: subscription, maxAttempts, logger }: ConsumerOptions) {
  const { id: messageId, redrive } = trial.envelope;
  if (!trial.counted) {
    const counted = await attempts.countAttempt(subscription, { messageId, redrive }).catch((err: unknown) => {
      if (!needsOtherSchema(err))
        logger.warn({ err, subscription, messageId }, 'a try could not be counted, so it waits');
      throw err;
    });
    if (counted === undefined) return false;
    trial.attempts = counted;
    trial.counted = true;
  }
  if (trial.attempts <= maxAttempts) return true;
  trial.attempts = maxAttempts;
  trial.verdict = new AlpesError('unknown', `the process ended during the last of ${maxAttempts} attempts`);
  return false;
}

async function handle(trial: Trial, options: ConsumerOptions): Promise<void> {
  const { subscriptionName: subscription, contract } = options;
  try {
    const delivery = open(trial, contract, options.parse);
    await options.handle({ subscription, type: contract.type, deliveries: [delivery], isolated: true });
  } catch (thrown) {
    await judge(trial, blame(trial, AlpesError.from(thrown), options), options);
  }
}

/** Who lacks a table or column that others did not lack since it last did, is itself at fault. */
function blame({ passesAtLack = Infinity }: Trial, error: AlpesError, { tables }: ConsumerOptions): AlpesError {
  const isOwnFault = needsOtherSchema(error) && tables.passes() > passesAtLack;
  return isOwnFault ? new AlpesError('unknown', error.message, { cause: error }) : error;
}

/** Returns if the message is dead, and throws the error if it is to be tried again. */
async function judge(trial: Trial, error: AlpesError, options: ConsumerOptions): Promise<void> {
  if (error.nature === 'transient') {
    const uncounting = options.attempts.uncountAttempt(options.subscriptionName, trial.envelope.id);
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

function deathOf({ received, envelope: { id, redrive }, attempts }: Trial, error: AlpesError): Death {
  return { received, key: { messageId: id, redrive }, error, attempts };
}
