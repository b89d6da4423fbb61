import { type Backoff, delayAfter, pause, untilAvailable } from '../backoff.js';
import type { Contract } from '../catalogue.js';
import { readEnvelope } from '../envelope.js';
import { AlpesError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { ReceivedMessage, Subscription } from '../subscriber.js';
import type { Death } from './dead-letter.js';
import { type Delivery, open, type SubscriptionDefinition } from './delivery.js';
import { createIsolation } from './isolation.js';
import { createParking, type Trial } from './parking.js';
import type { BatchHandler } from './pipeline.js';

export interface ConsumerOptions {
  readonly subscriptionName: string;
  readonly contract: Contract;
  readonly parse: SubscriptionDefinition<never>['parse'];
  readonly subscribe: () => Promise<Subscription>;
  readonly handle: BatchHandler;
  readonly countAttempt: (subscription: string, messageId: string) => Promise<number>;
  readonly bury: (death: Death) => Promise<boolean>;
  /** Most messages of one transaction. */
  readonly batchSize: number;
  readonly maxAttempts: number;
  /** Delays between the tries of one message. */
  readonly retry: Backoff;
  /** Delays while the database or the broker is away. */
  readonly outage: Backoff;
  readonly logger: Logger;
}

export interface Consumer {
  /** Takes nothing more, finishes what is in hand and leaves the subscription. What waits for a retry comes again. */
  stop(): Promise<void>;
}

/** Longest wait for messages in one call of `receive`, in ms. */
const RECEIVE_WAIT_MS = 1_000;
/** Most messages that may wait behind failed ones, as a multiple of the batch size, before nothing more is received. */
const PARKING_BATCHES = 10;

/**
 * Receives batches of one subscription, handles each in one transaction and acknowledges it. A batch that fails is
 * taken apart, each message tried alone. The first batch after a start is taken apart at once: if the last process was
 * killed by a message, that message is in it, and only a message that is alone is counted.
 */
export function startConsumer(options: ConsumerOptions): Consumer {
  const stopping = new AbortController();
  const running = runUntilStopped(options, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Joins again after an error that nobody foresaw: a consumer that is gone would be a silent one. */
async function runUntilStopped(options: ConsumerOptions, signal: AbortSignal): Promise<void> {
  const { contract, subscriptionName, outage, logger, subscribe } = options;
  const what = `${subscriptionName} from ${contract.topic}`;
  for (let failures = 1; !signal.aborted; failures += 1) {
    let subscription: Subscription | undefined;
    try {
      subscription = (await untilAvailable(subscribe, { what, backoff: outage, signal, logger }))?.value;
      if (subscription !== undefined) await consume(options, subscription, signal);
    } catch (err) {
      logger.error({ err }, `${what}: stopped by an unexpected error, begins again`);
    }
    await subscription?.close().catch(() => {});
    await pause(delayAfter(failures, outage), signal);
  }
}

async function consume(options: ConsumerOptions, subscription: Subscription, signal: AbortSignal): Promise<void> {
  const { contract, subscriptionName, outage, logger, batchSize } = options;
  const receiving = { what: `${subscriptionName} from ${contract.topic}`, backoff: outage, signal, logger };
  const desk = createDesk(options, subscription, signal);
  let toIsolate = batchSize;
  while (!signal.aborted) {
    await desk.retryDue();
    const waitMs = desk.msUntilDue(RECEIVE_WAIT_MS);
    if (desk.isFull()) {
      await pause(waitMs, signal);
      continue;
    }
    const received = await untilAvailable(() => subscription.receive(batchSize, waitMs, signal), receiving);
    if (received === undefined || received.value.length === 0) continue;
    await desk.process(received.value, toIsolate > 0);
    toIsolate -= received.value.length;
  }
}

/** Where messages are worked on: what is waiting, what fails, what is acknowledged. */
function createDesk(options: ConsumerOptions, subscription: Subscription, signal: AbortSignal) {
  const { subscriptionName, contract, outage, retry, logger, batchSize } = options;
  const parking = createParking();
  const tryAlone = createIsolation({ ...options, subscription: subscriptionName, type: contract.type });
  const databaseAway = { what: `database of ${subscriptionName}`, backoff: outage, signal, logger };
  const brokerAway = { what: `acknowledging ${contract.topic}`, backoff: outage, signal, logger };

  const acknowledge = (messages: readonly ReceivedMessage[]) =>
    untilAvailable(() => retryConflicts(() => subscription.acknowledge(messages)), brokerAway);

  /** Tries a message alone, however long the database is away; acknowledges or parks it. */
  const attempt = async (trial: Trial): Promise<void> => {
    const tried = await untilAvailable(() => tryAlone(trial), databaseAway);
    if (tried?.value === 'retry') parking.park(trial, performance.now(), (failures) => delayAfter(failures, retry));
    if (tried?.value !== 'sealed') return;
    parking.settle(trial);
    await acknowledge([trial.delivery.received]);
  };

  const isolate = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (const delivery of deliveries) {
      if (signal.aborted) return;
      if (!parking.queue(delivery)) await attempt({ delivery, counted: false });
    }
  };

  const together = async (deliveries: readonly Delivery[]): Promise<void> => {
    const batch = { subscription: subscriptionName, type: contract.type, deliveries, isolated: false };
    try {
      const done = await untilAvailable(() => options.handle(batch), databaseAway);
      if (done !== undefined) await acknowledge(deliveries.map(({ received }) => received));
    } catch {
      await isolate(deliveries);
    }
  };

  const buryUnreadable = async (received: ReceivedMessage, error: AlpesError): Promise<void> => {
    const { id, redrive } = readEnvelope(received, contract.type);
    const death = { received, key: { messageId: id, redrive }, error, attempts: 1 };
    const buried = await untilAvailable(() => retryConflicts(() => options.bury(death)), databaseAway);
    if (buried !== undefined) await acknowledge([received]);
  };

  return {
    isFull: () => parking.size() >= PARKING_BATCHES * batchSize,
    msUntilDue: (atMost: number) =>
      Math.max(0, Math.min(atMost, (parking.nextDueAt() ?? Infinity) - performance.now())),
    retryDue: async () => {
      for (let trial = parking.due(performance.now()); trial !== undefined && !signal.aborted;) {
        await attempt(trial);
        trial = parking.due(performance.now());
      }
    },
    process: async (messages: readonly ReceivedMessage[], isolated: boolean) => {
      const { readable, unreadable, foreign } = sort(messages, options);
      for (const { received, error } of unreadable) await buryUnreadable(received, error);
      if (foreign.length > 0) await acknowledge(foreign);
      if (isolated) return isolate(readable);
      const free = readable.filter((delivery) => !parking.queue(delivery));
      if (free.length > 0) await together(free);
    },
  };
}

/** A burial or an acknowledgement that met a deadlock is simply done again. */
async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    if (error.code !== 'conflict') throw error;
    throw new AlpesError('unavailable', error.message, { cause: error });
  }
}

/** Sorts messages into those to handle, those that are dead on arrival, and redrives that are for another subscription. */
function sort(messages: readonly ReceivedMessage[], { contract, parse, subscriptionName }: ConsumerOptions) {
  const readable: Delivery[] = [];
  const unreadable: { received: ReceivedMessage; error: AlpesError }[] = [];
  const foreign: ReceivedMessage[] = [];
  for (const received of messages) {
    const { redriveFor } = readEnvelope(received, contract.type);
    if (redriveFor !== undefined && redriveFor !== subscriptionName) {
      foreign.push(received);
      continue;
    }
    try {
      readable.push(open(received, contract, parse));
    } catch (thrown) {
      unreadable.push({ received, error: AlpesError.from(thrown) });
    }
  }
  return { readable, unreadable, foreign };
}
