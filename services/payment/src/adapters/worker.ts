import { AlpesError, type Backoff, createWake, delayAfter, type Logger, passCrashPoint, pause } from '@alpes/messaging';
import type { Worker } from '@alpes/service-kit';
import { setMaxListeners } from 'node:events';
import type { Transaction } from '../domain/transaction.js';
import type { SurviveOutages } from './database-outage.js';

interface Options {
  readonly claim: (limit: number) => Promise<readonly Transaction[]>;
  /** Resolves when all that came of the call is recorded. */
  readonly charge: (claimed: Transaction, signal: AbortSignal) => Promise<void>;
  readonly survive: SurviveOutages;
  /** Aborted by a worker that stops, when there is no more time to wait for the gateway or the database. */
  readonly giveUp: AbortController;
  /** Most transactions that are claimed and not yet recorded. */
  readonly mostInHand: number;
  /** How long in ms work waits at most that nobody has announced. */
  readonly pollMs: number;
  /** How long in ms a worker that stops waits for the calls in hand before it gives them up. */
  readonly drainMs: number;
  readonly backoff: Backoff;
  readonly logger: Logger;
}

export interface PaymentWorker extends Worker {
  /** Says that there may be work. */
  wake(): void;
}

/** How long in ms a worker that has given up its calls waits until that is recorded. */
const RELEASE_MS = 1_000;

/** Claims as many transactions as it may have in hand and has them charged. One leaves its hands once its attempt is recorded. */
export function createWorker(options: Options): PaymentWorker {
  const { claim, survive, giveUp, mostInHand, pollMs, drainMs } = options;
  const stopping = new AbortController();
  const wake = createWake();
  // Each call in hand listens to it.
  setMaxListeners(0, giveUp.signal);
  const inHand = new Set<Promise<void>>();
  let running = Promise.resolve();
  // Whether more may be due than it could take.
  let more = false;

  const begin = (claimed: Transaction): void => {
    const call = chargeAndLog(options, claimed, giveUp.signal).finally(() => {
      inHand.delete(call);
      if (more) wake.wake();
    });
    inHand.add(call);
  };

  const fill = async (): Promise<void> => {
    const free = mostInHand - inHand.size;
    if (free > 0) {
      const claimed = await survive(() => claim(free), stopping.signal);
      for (const transaction of claimed?.value ?? []) begin(transaction);
      more = claimed?.value.length === free;
    }
    await wake.wait(pollMs, stopping.signal);
  };

  const finish = async (ms: number): Promise<void> => {
    const late = new AbortController();
    await Promise.race([Promise.allSettled([...inHand]), pause(ms, late.signal)]);
    late.abort();
  };

  return {
    wake: () => {
      wake.wake();
    },
    start: () => {
      running = repeat(fill, stopping.signal, options);
    },
    stop: async () => {
      stopping.abort();
      await running;
      await finish(drainMs);
      giveUp.abort();
      await finish(RELEASE_MS);
    },
  };
}

/** Repeats work until it is stopped, whatever happens: a worker that is gone would be a silent one. */
async function repeat(work: () => Promise<void>, signal: AbortSignal, { backoff, logger }: Options): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      await work();
      failures = 0;
    } catch (thrown) {
      failures += 1;
      logger.error({ err: AlpesError.from(thrown) }, 'payment worker: claiming failed, goes on');
      await pause(delayAfter(failures, backoff), signal);
    }
  }
}

async function chargeAndLog({ charge, logger }: Options, claimed: Transaction, signal: AbortSignal): Promise<void> {
  try {
    passCrashPoint('claimed');
    await charge(claimed, signal);
  } catch (thrown) {
    const { id, orderId } = claimed;
    logger.error({ err: AlpesError.from(thrown), transactionId: id, orderId }, 'payment attempt not recorded');
  }
}
