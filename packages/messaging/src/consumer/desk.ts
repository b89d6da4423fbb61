import { outageLog, untilAvailable } from '../backoff.js';
import { passCrashPoint } from '../crash-points.js';
import { readEnvelope } from '../envelope.js';
import { BATCH_BYTES } from '../size-limit.js';
import type { ReceivedMessage, Subscription } from '../subscriber.js';
import type { Arrival } from './delivery.js';
import type { ConsumerOptions } from './options.js';
import { createRetries, type Retries } from './retries.js';
import { handleTogether, openAll, takeTogether } from './together.js';

/** Most messages that may wait behind failed ones, as a multiple of the batch size, before nothing more is received. */
const PARKING_BATCHES = 10;
/** And most bytes of their payloads. */
const PARKING_BYTES = 2 * BATCH_BYTES;

/** Where messages are worked on: what is handled together, what alone, what waits, what is acknowledged. */
export interface Desk extends Pick<Retries, 'waiting' | 'msUntilDue' | 'retryDue'> {
  /** Whether so many messages wait that no more should be received. */
  isFull(): boolean;
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
  const { subscriptionName, contract, outage, logger, batchSize } = options;

  const acknowledge = async (messages: readonly Arrival[]): Promise<void> => {
    const waiting = { backoff: outage, signal, note: outageLog(`acknowledging ${contract.topic}`, logger) };
    const received = messages.map((message) => message.received);
    if (received.length === 0) return;
    await untilAvailable(() => subscription.acknowledge(received), waiting);
    passCrashPoint('acknowledged');
  };
  const retries = createRetries(options, acknowledge, signal);

  /** Those that can't be read are tried first: a key that waits for one of them is not overtaken. */
  const attemptTogether = async (arrivals: readonly Arrival[]): Promise<void> => {
    const { deliveries, unreadable } = openAll(arrivals, options);
    await retries.attemptAll(unreadable);
    const free = retries.withoutWaiting(deliveries);
    if (free.length === 0 || signal.aborted) return;
    const outcome = await handleTogether(free, options, signal);
    if (outcome === 'handled') await acknowledge(free);
    else if (outcome === 'failed') await retries.attemptAll(free);
    else retries.putOff(free);
  };

  return {
    waiting: retries.waiting,
    msUntilDue: retries.msUntilDue,
    retryDue: retries.retryDue,
    isFull: () => retries.waiting() >= PARKING_BATCHES * batchSize || retries.waitingBytes() >= PARKING_BYTES,
    process: async (messages) => {
      const arrivals = messages.map((received) => ({ received, envelope: readEnvelope(received, contract.type) }));
      const isOurs = ({ envelope: { redriveFor = subscriptionName } }: Arrival) => redriveFor === subscriptionName;
      await acknowledge(arrivals.filter((arrival) => !isOurs(arrival)));
      const free = retries.withoutWaiting(arrivals.filter(isOurs));
      if (free.length === 0 || signal.aborted) return;
      const together = free.length > 1 && (await takeTogether(free, consumer, options, signal));
      await (together ? attemptTogether(free) : retries.attemptAll(free));
    },
  };
}
