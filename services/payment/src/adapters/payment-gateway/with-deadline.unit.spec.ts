import { describe, expect, it } from '@jest/globals';
import type { GatewayAnswer, PaymentGateway } from '../../domain/payment-gateway.js';
import { withDeadline } from './with-deadline.js';

const approval: GatewayAnswer = { outcome: 'approved', reference: 'R-1' };
const charge = { idempotencyKey: 'key', orderId: 'order', amount: 1, currency: 'EUR' };

function gatewayThat(call: PaymentGateway['charge']): PaymentGateway {
  return { charge: call, close: () => Promise.resolve() };
}
const ignore = () => Promise.resolve();

describe('a gateway with a deadline', () => {
  it('passes on the answers of one that is in time', async () => {
    const answers: GatewayAnswer[] = [];
    const gateway = withDeadline(
      gatewayThat(async (_request, answer) => {
        await answer(approval);
        await answer(approval);
      }),
      10_000,
    );
    await gateway.charge({ ...charge, signal: new AbortController().signal }, (answer) => {
      answers.push(answer);
      return Promise.resolve();
    });
    expect(answers).toEqual([approval, approval]);
  });

  it('passes on the failure of one that fails in time', async () => {
    const gateway = withDeadline(
      gatewayThat(() => Promise.reject(new Error('no line'))),
      10_000,
    );
    const call = gateway.charge({ ...charge, signal: new AbortController().signal }, ignore);
    await expect(call).rejects.toThrow('no line');
  });

  it('is unavailable in time even if the gateway never ends, and passes on an answer that comes later', async () => {
    let answerLate = ignore;
    let told: AbortSignal | undefined;
    const deaf = gatewayThat((request, answer) => {
      told = request.signal;
      answerLate = () => answer(approval);
      return new Promise(() => {});
    });
    const answers: GatewayAnswer[] = [];
    const call = withDeadline(deaf, 20).charge({ ...charge, signal: new AbortController().signal }, (answer) => {
      answers.push(answer);
      return Promise.resolve();
    });
    const text = 'the gateway did not answer within 20 ms';
    await expect(call).rejects.toMatchObject({ code: 'unavailable', message: text });
    expect(told?.aborted).toBe(true);
    await answerLate();
    expect(answers).toEqual([approval]);
  });

  it.each(['before', 'after'])('is unavailable at once when its caller gives up %s the call', async (when) => {
    const caller = new AbortController();
    if (when === 'before') caller.abort();
    const deaf = gatewayThat(() => new Promise(() => {}));
    const call = withDeadline(deaf, 60_000).charge({ ...charge, signal: caller.signal }, ignore);
    if (when === 'after') caller.abort();
    await expect(call).rejects.toMatchObject({ code: 'unavailable' });
  });
});
