import { outageLog, untilAvailable } from '../backoff.js';
import { AlpesError, needsOtherSchema } from '../errors.js';
import { type Arrival, type Delivery, open } from './delivery.js';
import type { ConsumerOptions } from './options.js';

/** Messages whose bodies were read, and those that can't be read or that `parse` refused. */
export interface Opened {
  readonly deliveries: readonly Delivery[];
  readonly unreadable: readonly Arrival[];
}

/** Reads the bodies of messages that were noted as in hand. */
export function openAll(arrivals: readonly Arrival[], { contract, parse }: ConsumerOptions): Opened {
  const deliveries: Delivery[] = [];
  const unreadable: Arrival[] = [];
  for (const arrival of arrivals) {
    try {
      deliveries.push(open(arrival, contract, parse));
    } catch {
      // Tried alone, it says why.
      unreadable.push(arrival);
    }
  }
  return { deliveries, unreadable };
}

/**
 * Notes that this consumer has these messages in hand. False if another one had, or that can't be known: it may have
 * died of one of them.
 */
export async function takeTogether(
  arrivals: readonly Arrival[],
  consumer: string,
  options: ConsumerOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { inHand, subscriptionName, outage, logger } = options;
  const ids = arrivals.map(({ envelope }) => envelope.id);
  const waiting = { backoff: outage, signal, note: outageLog(`database of ${subscriptionName}`, logger) };
  const take = (): Promise<boolean> => inHand.takeInHand(consumer, subscriptionName, ids);
  const hadByAnother = await untilAvailable(take, waiting).catch(() => ({ value: true }));
  return hadByAnother?.value === false;
}

/** How a batch ended. `lacking`: a table or column is not there, for one of its messages or for all. */
export type BatchOutcome = 'handled' | 'failed' | 'lacking';

/**
 * Handles messages in one transaction. An outage passes, so after one it is tried once more before the batch is taken
 * apart.
 */
export async function handleTogether(
  deliveries: readonly Delivery[],
  options: ConsumerOptions,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const { subscriptionName: subscription, contract, tables } = options;
  for (const isLastTry of [false, true]) {
    try {
      await options.handle({ subscription, type: contract.type, deliveries, isolated: false });
      return 'handled';
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      if (needsOtherSchema(error)) {
        await tables.lacked(error, signal);
        return 'lacking';
      }
      if (isLastTry || error.code !== 'unavailable') return 'failed';
    }
    await untilDatabaseAnswers(options, signal);
    if (signal.aborted) return 'failed';
  }
  return 'failed';
}

/** Returns at once if the database answers: then an error was about the message, whatever its code says. */
export async function untilDatabaseAnswers(
  { ping, outage, logger, subscriptionName }: ConsumerOptions,
  signal: AbortSignal,
): Promise<void> {
  await untilAvailable(ping, { backoff: outage, signal, note: outageLog(`database of ${subscriptionName}`, logger) });
}
