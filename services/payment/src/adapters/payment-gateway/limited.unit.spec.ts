import { describe, expect, it } from '@jest/globals';
import type { GatewayAnswer, PaymentGateway } from '../../domain/payment-gateway.js';
import { limited } from './limited.js';

const approval: GatewayAnswer = { outcome: 'approved', reference: 'R-1' };
const ignore = () => Promise.resolve();

/** A gateway that answers, or fails, when it is told to; `begun` are the orders that it was asked for. */
function slowGateway() {
  const begun: string[] = [];
  const calls = new Map<string, { answer: () => Promise<void>; fail: () => void }>();
  const gateway: PaymentGateway = {
    close: () => Promise.resolve(),
    charge: ({ orderId }, answer) =>
      new Promise((resolve, reject) => {
        begun.push(orderId);
        calls.set(orderId, {
          answer: async () => {
            await answer(approval);
            resolve();
          },
          fail: () => reject(new Error('no line')),
        });
      }),
  };
  return { gateway, begun, call: (orderId: string) => calls.get(orderId) };
}

const aRequest = (orderId: string, signal = new AbortController().signal) => ({
  ...{ idempotencyKey: orderId, orderId, amount: 1, currency: 'EUR', signal },
});
const settle = () => new Promise(setImmediate);

describe('a gateway with so many places', () => {
  it('is asked for no more at a time, and for the next in its turn', async () => {
    const { gateway, begun, call } = slowGateway();
    const two = limited(gateway, 2);
    const charges = ['a', 'b', 'c', 'd'].map((orderId) => two.charge(aRequest(orderId), ignore));
    await settle();
    expect(begun).toEqual(['a', 'b']);
    await call('b')?.answer();
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const orderId of ['a', 'c', 'd']) {
      await call(orderId)?.answer();
      await settle();
    }
    await Promise.all(charges);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has a place free as soon as it has answered, not when the answer is recorded', async () => {
    const { gateway, begun, call } = slowGateway();
    const one = limited(gateway, 1);
    void one.charge(aRequest('a'), () => new Promise(() => {}));
    void one.charge(aRequest('b'), ignore);
    await settle();
    void call('a')?.answer();
    await settle();
    expect(begun).toEqual(['a', 'b']);
  });

  it('has a place free after a failure, and only one after a call that answers twice', async () => {
    const { gateway, begun, call } = slowGateway();
    const one = limited(gateway, 1);
    const failed = one.charge(aRequest('a'), ignore);
    for (const orderId of ['b', 'c', 'd']) void one.charge(aRequest(orderId), ignore);
    await settle();
    call('a')?.fail();
    await expect(failed).rejects.toThrow('no line');
    await settle();
    await Promise.all([call('b')?.answer(), call('b')?.answer()]);
    await settle();
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('is not asked for one that was given up while it waited', async () => {
    const { gateway, begun, call } = slowGateway();
    const one = limited(gateway, 1);
    const giveUp = new AbortController();
    void one.charge(aRequest('a'), ignore);
    const waiting = one.charge(aRequest('b', giveUp.signal), ignore);
    const next = one.charge(aRequest('c'), ignore);
    await settle();
    giveUp.abort(new Error('given up'));
    await call('a')?.answer();
    await expect(waiting).rejects.toThrow('given up');
    await settle();
    await call('c')?.answer();
    await next;
    expect(begun).toEqual(['a', 'c']);
  });
});
