import { delayAfter, untilAvailable } from '../backoff.js';
import { AlpesError } from '../errors.js';
import type { ReceivedMessage, Subscription } from '../subscriber.js';
import type { Delivery } from './delivery.js';
import { createIsolation } from './isolation.js';
import type { ConsumerOptions } from './options.js';
import { createParking, newTrial, type Trial } from './parking.js';
import { sort } from './sorting.js';

/** Most messages that may wait behind failed ones, as a multiple of the batch size, before nothing more is received. */
const PARKING_BATCHES = 10;

/** Where messages are worked on: what is handled together, what alone, what waits, what is acknowledged. */
export interface Desk {
  /** Whether so many messages wait for their next try that no more should be received. */
  isFull(): boolean;
  /** How long until the next try is due, at most `atMost`; in ms. */
  msUntilDue(atMost: number): number;
  /** Tries again what is due, at most a batch of it. */
  retryDue(): Promise<void>;
  /** Works on a batch as it was received. */
  process(messages: readonly ReceivedMessage[]): Promise<void>;
}

/** `consumer` is the id under which it notes what it has in hand. */
export function createDesk(
  options: ConsumerOptions,
  consumer: string,
  subscription: Subscription,
  signal: AbortSignal,
): Desk {
  const { subscriptionName, contract, outage, retry, logger, batchSize } = options;
  const parking = createParking();
  const tryAlone = createIsolation({ ...options, subscription: subscriptionName, type: contract.type });

  const acknowledge = async (messages: readonly ReceivedMessage[]): Promise<void> => {
    const waiting = { what: `acknowledging ${contract.topic}`, backoff: outage, signal, logger };
    if (messages.length > 0) await untilAvailable(() => subscription.acknowledge(messages), waiting);
  };

  /** Tries a message alone and parks its key if that failed. Whether the message may be acknowledged. */
  const attempt = async (trial: Trial): Promise<boolean> => {
    const outcome = await tryAlone(trial);
    if (outcome === 'sealed') parking.settle(trial);
    else parking.park(trial, performance.now(), (failures) => delayAfter(failures, retry));
    if (outcome === 'unavailable') await untilDatabaseAnswers(options, signal);
    return outcome === 'sealed';
  };

  const attemptAll = async (trials: readonly Trial[]): Promise<void> => {
    const sealed: ReceivedMessage[] = [];
    for (const trial of trials) {
      if (signal.aborted) break;
      if (!parking.queue(trial) && (await attempt(trial))) sealed.push(trial.delivery.received);
    }
    await acknowledge(sealed);
  };

  return {
    isFull: () => parking.size() >= PARKING_BATCHES * batchSize,
    msUntilDue: (atMost) => Math.max(0, Math.min(atMost, (parking.nextDueAt() ?? Infinity) - performance.now())),
    retryDue: async () => {
      for (let tries = 0; tries < batchSize && !signal.aborted; tries += 1) {
        const trial = parking.due(performance.now());
        if (trial === undefined) return;
        if (await attempt(trial)) await acknowledge([trial.delivery.received]);
      }
    },
    process: async (messages) => {
      const { readable, dead, foreign } = sort(messages, options);
      await acknowledge(foreign);
      await attemptAll(dead);
      const free = readable.filter((delivery) => !parking.queue(newTrial(delivery)));
      if (free.length === 0 || signal.aborted) return;
      const together = free.length > 1 && (await isHarmless(free, consumer, options, signal));
      if (together && (await handleTogether(free, options, signal)))
        await acknowledge(free.map(({ received }) => received));
      else await attemptAll(free.map((delivery) => newTrial(delivery)));
    },
  };
}

/** Returns at once if the database answers: then an error was about the message, whatever its code says. */
async function untilDatabaseAnswers(
  { ping, outage, logger, subscriptionName }: ConsumerOptions,
  signal: AbortSignal,
): Promise<void> {
  await untilAvailable(ping, { what: `database of ${subscriptionName}`, backoff: outage, signal, logger });
}

/** False if another consumer had one of these in hand, or that can't be known: it may have died of it. */
async function isHarmless(
  deliveries: readonly Delivery[],
  consumer: string,
  options: ConsumerOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { inHand, subscriptionName, outage, logger } = options;
  const ids = deliveries.map(({ envelope }) => envelope.id);
  const waiting = { what: `database of ${subscriptionName}`, backoff: outage, signal, logger };
  const take = (): Promise<boolean> => inHand.takeInHand(consumer, subscriptionName, ids);
  const hadByAnother = await untilAvailable(take, waiting).catch(() => ({ value: true }));
  return hadByAnother?.value === false;
}

/** False if the batch failed. An outage passes, so after one it is tried once more before it is taken apart. */
async function handleTogether(
  deliveries: readonly Delivery[],
  options: ConsumerOptions,
  signal: AbortSignal,
  isSecondTry = false,
): Promise<boolean> {
  const { subscriptionName: subscription, contract, handle } = options;
  try {
    await handle({ subscription, type: contract.type, deliveries, isolated: false });
    return true;
  } catch (thrown) {
    if (isSecondTry || AlpesError.from(thrown).code !== 'unavailable') return false;
    await untilDatabaseAnswers(options, signal);
    return signal.aborted ? false : handleTogether(deliveries, options, signal, true);
  }
}
