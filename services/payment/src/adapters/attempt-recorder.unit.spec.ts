import { AlpesError } from '@alpes/messaging';
import { gate } from '@alpes/messaging/testing';
import { describe, expect, it } from '@jest/globals';
import { newTransaction } from '../domain/transaction.js';
import type { Attempt } from '../use-cases/record-attempts.js';
import { createAttemptRecorder } from './attempt-recorder.js';
import { surviveOutages } from './database-outage.js';

const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const cause = { id: 'event', correlationId: 'request', traceparent: '' };
const order = { orderId: 'order', amount: 2500, currency: 'EUR' };

function attempt(id: string): Attempt {
  return { claimed: newTransaction(order, id, cause, new Date()), outcome: { kind: 'abandoned' } };
}

function recorder(write: (ids: string[]) => Promise<void>, signal = new AbortController().signal) {
  return createAttemptRecorder({
    write: (attempts) => write(attempts.map(({ claimed }) => claimed.id)),
    survive: surviveOutages({ backoff: { firstMs: 1, maxMs: 1 }, logger: quiet }),
    signal,
  });
}

describe('the recorder of attempts', () => {
  it('records together what arrives while it is busy', async () => {
    const [batches, first] = [[] as string[][], gate()];
    const record = recorder(async (ids) => {
      batches.push(ids);
      await first.passed;
    });
    const all = Promise.all(['a', 'b', 'c'].map((id) => record(attempt(id))));
    first.open();
    await all;
    await record(attempt('d'));
    expect(batches).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('tries each alone when they can not be recorded together: one that can not harms no other', async () => {
    const [batches, first] = [[] as string[][], gate()];
    const record = recorder(async (ids) => {
      await first.passed;
      if (ids.includes('bad')) throw new AlpesError('unknown', 'a row that can not be stored');
      batches.push(ids);
    });
    const all = Promise.allSettled(['a', 'b', 'bad', 'c'].map((id) => record(attempt(id))));
    first.open();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([['a'], ['b'], ['c']]);
  });

  it.each(['unavailable', 'conflict'] as const)('repeats what fails as %s until it is recorded', async (code) => {
    let tries = 0;
    const record = recorder(() => {
      tries += 1;
      return tries < 4 ? Promise.reject(new AlpesError(code, 'not now')) : Promise.resolve();
    });
    await record(attempt('a'));
    expect(tries).toBe(4);
  });

  it('gives up, after one more try, when there is no more time to wait for the database', async () => {
    let tries = 0;
    const stopping = new AbortController();
    const record = recorder(() => {
      tries += 1;
      stopping.abort();
      return Promise.reject(new AlpesError('unavailable', 'the database is away'));
    }, stopping.signal);
    await expect(record(attempt('a'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(tries).toBe(1);
  });
});
