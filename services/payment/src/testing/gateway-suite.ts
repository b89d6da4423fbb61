import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ChargeRequest, GatewayAnswer, PaymentGateway } from '../domain/payment-gateway.js';

/** A gateway of which one knows from the outside what it does. */
export interface GatewaySandbox {
  readonly gateway: PaymentGateway;
  /** The same gateway, when its answers take 10 s or more. */
  readonly slow: PaymentGateway;
  /** The same gateway, when it is away. */
  readonly away: PaymentGateway;
  /** An order whose charge it answers like this. */
  orderThatIs(outcome: GatewayAnswer['outcome']): string;
  /** How often it took money under a key. */
  charges(idempotencyKey: string): Promise<number>;
  close(): Promise<void>;
}

/** What {@link PaymentGateway} promises; every member of the index passes it. */
export function gatewaySuite(name: string, open: () => Promise<GatewaySandbox>): void {
  describe(`the gateway ${name}`, () => {
    let sandbox: GatewaySandbox;
    beforeAll(async () => {
      sandbox = await open();
    });
    afterAll(() => sandbox.close());

    describeOneKey(() => sandbox);

    it('says by what name an approved charge is known, and why another was rejected', async () => {
      expect(await ask(sandbox.gateway, aRequest(sandbox.orderThatIs('approved')))).toMatchObject({
        reference: expect.stringMatching(/./),
      });
      expect(await ask(sandbox.gateway, aRequest(sandbox.orderThatIs('rejected')))).toMatchObject({
        reason: expect.stringMatching(/./),
      });
    });

    it('approves an order that costs nothing', async () => {
      const answer = await ask(sandbox.gateway, { ...aRequest(sandbox.orderThatIs('rejected')), amount: 0 });
      expect(answer.outcome).toBe('approved');
    });

    it('is unavailable, without an answer, when it is away', async () => {
      const request = aRequest(sandbox.orderThatIs('approved'));
      await expect(ask(sandbox.away, request)).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('gives up at once when its caller does, and can be asked again', async () => {
      const request = aRequest(sandbox.orderThatIs('approved'));
      const began = performance.now();
      const call = ask(sandbox.slow, { ...request, signal: AbortSignal.timeout(50) });
      await expect(call).rejects.toMatchObject({ code: 'unavailable' });
      expect(performance.now() - began).toBeLessThan(3_000);
      expect(await ask(sandbox.gateway, request)).toMatchObject({ outcome: 'approved' });
      expect(await sandbox.charges(request.idempotencyKey)).toBe(1);
    });

    it('does not begin for a caller that has given up already', async () => {
      const request = aRequest(sandbox.orderThatIs('approved'));
      const call = ask(sandbox.gateway, { ...request, signal: AbortSignal.abort() });
      await expect(call).rejects.toMatchObject({ code: 'unavailable' });
      expect(await sandbox.charges(request.idempotencyKey)).toBe(0);
    });
  });
}

function describeOneKey(sandbox: () => GatewaySandbox): void {
  describe.each(['approved', 'rejected'] as const)('whose answer is %s', (outcome) => {
    const money = outcome === 'approved' ? 1 : 0;

    it('is asked twice for one key: the same answer, and one charge if approved', async () => {
      const request = aRequest(sandbox().orderThatIs(outcome));
      const [first, second] = [await ask(sandbox().gateway, request), await ask(sandbox().gateway, request)];
      expect(first.outcome).toBe(outcome);
      expect(second).toEqual(first);
      expect(await sandbox().charges(request.idempotencyKey)).toBe(money);
    });

    it('is asked 20 times at once for one key: the same answer, and one charge if approved', async () => {
      const request = aRequest(sandbox().orderThatIs(outcome));
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(sandbox().gateway, request)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]?.outcome).toBe(outcome);
      expect(await sandbox().charges(request.idempotencyKey)).toBe(money);
    });
  });
}

function aRequest(orderId: string): ChargeRequest {
  const signal = new AbortController().signal;
  return { idempotencyKey: randomUUID(), orderId, amount: 2500, currency: 'EUR', signal };
}

/** The first answer of a call that has ended well. */
async function ask(gateway: PaymentGateway, request: ChargeRequest): Promise<GatewayAnswer> {
  const answers: GatewayAnswer[] = [];
  await gateway.charge(request, (answer) => {
    answers.push(answer);
    return Promise.resolve();
  });
  const [first] = answers;
  if (first === undefined) throw new Error('the gateway ended the call without an answer');
  return first;
}
