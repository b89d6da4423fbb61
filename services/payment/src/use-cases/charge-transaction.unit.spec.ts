import { describe, expect, it } from '@jest/globals';
import type { GatewayAnswer, PaymentGateway } from '../domain/payment-gateway.js';
import { newTransaction } from '../domain/transaction.js';
import { chargeTransaction } from './charge-transaction.js';
import type { Outcome } from './record-attempts.js';

const cause = { id: 'event', correlationId: 'request', traceparent: '' };
const claimed = {
  ...newTransaction({ orderId: 'order', amount: 2500, currency: 'EUR' }, 'id', cause, new Date()),
  lease: 'mine',
};
const approval: GatewayAnswer = { outcome: 'approved', reference: 'R-1' };
const refusal: GatewayAnswer = { outcome: 'rejected', reason: 'second thoughts' };

/** What was recorded of a call of a gateway that does this. */
async function outcomesOf(call: PaymentGateway['charge'], signal = new AbortController().signal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const record = ({ outcome }: { outcome: Outcome }) => {
    outcomes.push(outcome);
    return Promise.resolve();
  };
  await chargeTransaction({ gateway: { charge: call, close: () => Promise.resolve() }, record })(claimed, signal);
  return outcomes;
}

describe('charging a transaction', () => {
  it("asks for what it owes, with the transaction's id as the key", async () => {
    const signal = new AbortController().signal;
    const requests: unknown[] = [];
    await outcomesOf((request, answer) => {
      requests.push(request);
      return answer(approval);
    }, signal);
    expect(requests).toEqual([{ idempotencyKey: 'id', orderId: 'order', amount: 2500, currency: 'EUR', signal }]);
  });

  it('records every answer, also one that contradicts another', async () => {
    const outcomes = await outcomesOf(async (_request, answer) => {
      await answer(approval);
      await answer(refusal);
    });
    expect(outcomes).toEqual([
      { kind: 'answered', answer: approval },
      { kind: 'answered', answer: refusal },
    ]);
  });

  it('records why there was no answer', async () => {
    expect(await outcomesOf(() => Promise.reject(new Error('no line')))).toEqual([{ kind: 'failed', why: 'no line' }]);
    expect(await outcomesOf(() => Promise.resolve())).toEqual([
      { kind: 'failed', why: 'the gateway ended the call without an answer' },
    ]);
  });

  it('records an answer, and no failure, when the call fails after it', async () => {
    const outcomes = await outcomesOf(async (_request, answer) => {
      await answer(approval);
      throw new Error('the connection broke');
    });
    expect(outcomes).toEqual([{ kind: 'answered', answer: approval }]);
  });

  it('records that the call was abandoned when it fails because the process could not wait', async () => {
    const failed = await outcomesOf(() => Promise.reject(new Error('given up')), AbortSignal.abort());
    expect(failed).toEqual([{ kind: 'abandoned' }]);
  });

  it('ends when everything is recorded, and rejects if that failed', async () => {
    const gateway: PaymentGateway = { charge: (_request, answer) => answer(approval), close: () => Promise.resolve() };
    const record = () => Promise.reject(new Error('not recorded'));
    const call = chargeTransaction({ gateway, record })(claimed, new AbortController().signal);
    await expect(call).rejects.toThrow('not recorded');
  });
});
