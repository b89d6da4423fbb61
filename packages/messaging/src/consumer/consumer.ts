import { v4 as uuidv4 } from 'uuid';
import { delayAfter, type Note, outageLog, pause, untilAvailable } from '../backoff.js';
import { passCrashPoint } from '../crash-points.js';
import type { AlpesError } from '../errors.js';
import { isWholeBatch } from '../size-limit.js';
import type { Subscription } from '../subscriber.js';
import { createDesk, type Desk } from './desk.js';
import type { ConsumerOptions } from './options.js';
import { restMs } from './rest.js';

export interface Consumer {
  /** Takes nothing more, finishes what is in hand and leaves the subscription. What waits for a retry comes again. */
  stop(): Promise<void>;
  /** How many messages wait here for their next try, or behind one that does. */
  waiting(): number;
  /** Which table or column its messages wait for; undefined if they wait for none. */
  lack(): AlpesError | undefined;
}

/** Longest wait for messages in one call of `receive`, in ms. */
const RECEIVE_WAIT_MS = 1_000;

/**
 * Receives batches of one subscription, handles each in one transaction and acknowledges it. A batch that fails is
 * taken apart, each message tried alone; so is one that another consumer had in hand and may have died of.
 */
export function startConsumer(options: ConsumerOptions): Consumer {
  const stopping = new AbortController();
  const seat: Seat = { id: uuidv4(), desk: undefined };
  const running = runUntilStopped(options, seat, stopping.signal);
  const waiting = (): number => seat.desk?.waiting() ?? 0;
  return {
    waiting,
    lack: () => (waiting() === 0 ? undefined : options.tables.lack()),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** Who works here, and on what; each time that the subscription is joined it is a new desk. */
interface Seat {
  readonly id: string;
  desk: Desk | undefined;
}

/** Joins again after an error that nobody foresaw: a consumer that is gone would be a silent one. */
async function runUntilStopped(options: ConsumerOptions, seat: Seat, signal: AbortSignal): Promise<void> {
  const { contract, subscriptionName, outage, logger, subscribe } = options;
  const what = `${subscriptionName} from ${contract.topic}`;
  const note = outageLog(what, logger);
  for (let failures = 1; !signal.aborted; failures += 1) {
    let subscription: Subscription | undefined;
    try {
      // Notes that the dead of long ago have left are forgotten.
      await options.inHand.putDown(seat.id).catch(() => {});
      subscription = (await untilAvailable(subscribe, { backoff: outage, signal, note }))?.value;
      if (subscription !== undefined) await consume(options, seat, { subscription, note }, signal);
    } catch (err) {
      logger.error({ err }, `${what}: stopped by an unexpected error, begins again`);
    }
    await subscription?.close().catch(() => {});
    await pause(delayAfter(failures, outage), signal);
  }
}

async function consume(
  options: ConsumerOptions,
  seat: Seat,
  { subscription, note }: { subscription: Subscription; note: Note },
  signal: AbortSignal,
): Promise<void> {
  const { outage, batchSize } = options;
  // It is back only when all of it is: what one partition gives says nothing of the others.
  const noteWhole: Note = (error) => note(error ?? subscription.failure?.());
  const receiving = { backoff: outage, signal, note: noteWhole };
  const desk = createDesk(options, seat.id, subscription, signal);
  seat.desk = desk;
  while (!signal.aborted) {
    await desk.retryDue();
    const waitMs = desk.msUntilDue(RECEIVE_WAIT_MS);
    if (desk.isFull()) {
      await pause(waitMs, signal);
      continue;
    }
    const received = await untilAvailable(() => subscription.receive(batchSize, waitMs, signal), receiving);
    if (received === undefined || received.value.length === 0) continue;
    const takenAt = performance.now();
    passCrashPoint('received');
    await desk.process(received.value);
    if (isWholeBatch(received.value, batchSize)) continue;
    await pause(desk.msUntilDue(restMs(performance.now() - takenAt)), signal);
  }
  // A note that stays only makes the next consumer careful.
  await options.inHand.putDown(seat.id).catch(() => {});
}
