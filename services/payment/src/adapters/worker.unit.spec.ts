import { eventually, gate } from '@alpes/messaging/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newTransaction, type Transaction } from '../domain/transaction.js';
import { surviveOutages } from './database-outage.js';
import { createWorker, type PaymentWorker } from './worker.js';

const cause = { id: 'event', correlationId: 'request', traceparent: '' };
const order = { orderId: 'order', amount: 2500, currency: 'EUR' };

const started: PaymentWorker[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((worker) => worker.stop()));
});

interface Situation {
  readonly worker: PaymentWorker;
  /** Ids of transactions that are due. */
  readonly due: string[];
  /** Ids in the order in which they were begun. */
  readonly begun: string[];
  readonly errors: string[];
}

function situation(
  charge: (id: string, signal: AbortSignal) => Promise<void>,
  { mostInHand = 3, claim = (due: string[], limit: number) => Promise.resolve(due.splice(0, limit)) } = {},
): Situation {
  const [due, begun, errors]: string[][] = [[], [], []];
  const logger = { info: () => {}, warn: () => {}, error: (_: object, text: string) => errors?.push(text) };
  const backoff = { firstMs: 1, maxMs: 1 };
  const worker = createWorker({
    claim: async (limit) =>
      (await claim(due ?? [], limit)).map((id): Transaction => newTransaction(order, id, cause, new Date())),
    charge: ({ id }, signal) => {
      begun?.push(id);
      return charge(id, signal);
    },
    survive: surviveOutages({ backoff, logger }),
    giveUp: new AbortController(),
    // Only what wakes the worker makes it look again, or a test takes too long.
    ...{ mostInHand, pollMs: 60_000, drainMs: 50, backoff, logger },
  });
  started.push(worker);
  return { worker, due: due ?? [], begun: begun ?? [], errors: errors ?? [] };
}

describe('the payment worker', () => {
  it('begins what is due at its start, and at once what it is woken for', async () => {
    const { worker, due, begun } = situation(() => Promise.resolve());
    due.push('a');
    worker.start();
    await eventually(() => begun.length === 1);
    due.push('b');
    worker.wake();
    await eventually(() => begun.length === 2);
    await worker.stop();
    expect(begun).toEqual(['a', 'b']);
  });

  it('looks for work from time to time without being woken', async () => {
    const logger = { info: () => {}, warn: () => {}, error: () => {} };
    const backoff = { firstMs: 1, maxMs: 1 };
    let looks = 0;
    const worker = createWorker({
      claim: () => {
        looks += 1;
        return Promise.resolve([]);
      },
      charge: () => Promise.resolve(),
      ...{ survive: surviveOutages({ backoff, logger }), giveUp: new AbortController() },
      ...{ mostInHand: 1, pollMs: 1, drainMs: 1, backoff, logger },
    });
    started.push(worker);
    worker.start();
    await eventually(() => looks > 3);
    await worker.stop();
    expect(looks).toBeGreaterThan(3);
  });

  it('takes one more as soon as one is done, whatever is slow with the others, and never has more in hand than it may', async () => {
    const slow = gate();
    let [now, most] = [0, 0];
    const { worker, due, begun } = situation(async (id) => {
      now += 1;
      most = Math.max(most, now);
      await (id.startsWith('slow') ? slow.passed : Promise.resolve());
      now -= 1;
    });
    due.push('slow 1', 'slow 2', ...Array.from({ length: 20 }, (_, index) => `quick ${index}`));
    worker.start();
    await eventually(() => begun.length === 22);
    await eventually(() => now === 2);
    slow.open();
    await worker.stop();
    expect(most).toBe(3);
  });

  it('goes on after a call that could not be recorded, and after a claim that failed, and says so', async () => {
    let claims = 0;
    const { worker, due, begun, errors } = situation(
      (id) => (id === 'bad' ? Promise.reject(new Error('not recorded')) : Promise.resolve()),
      {
        claim: (due, limit) => {
          claims += 1;
          return claims === 1 ? Promise.reject(new Error('a fault')) : Promise.resolve(due.splice(0, limit));
        },
      },
    );
    due.push('bad', 'good');
    worker.start();
    await eventually(() => begun.length === 2);
    await worker.stop();
    expect(errors).toEqual(['payment worker: claiming failed, goes on', 'payment attempt not recorded']);
  });

  it('waits at its stop for the calls in hand and begins nothing more', async () => {
    const call = gate();
    const { worker, due, begun } = situation(() => call.passed);
    due.push('a');
    worker.start();
    await eventually(() => begun.length === 1);
    let stopped = false;
    const stopping = worker.stop().then(() => (stopped = true));
    due.push('b');
    worker.wake();
    expect(stopped).toBe(false);
    call.open();
    await stopping;
    expect(begun).toEqual(['a']);
  });

  it('tells calls that take longer than that to give up, and lets them record it', async () => {
    const ended: string[] = [];
    const { worker, due, begun } = situation(
      (id, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            ended.push(id);
            resolve();
          });
        }),
    );
    due.push('a', 'b');
    worker.start();
    await eventually(() => begun.length === 2);
    await worker.stop();
    expect(ended).toEqual(['a', 'b']);
  });
});
