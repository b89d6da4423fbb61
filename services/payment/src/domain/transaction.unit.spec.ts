import { describe, expect, it } from '@jest/globals';
import type { GatewayAnswer } from './payment-gateway.js';
import { newTransaction, postpone, release, settle, type Transaction } from './transaction.js';

const T1 = new Date('2026-01-01T10:00:00.000Z');
const T2 = new Date('2026-01-01T10:00:05.000Z');
const ID = '0197f3a0-0000-7000-8000-000000000001';

const order = { orderId: '01890a5d-ac96-774b-bcce-b302099a8057', amount: 2500, currency: 'EUR' };
const cause = { id: 'event', correlationId: 'request', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
const pending = newTransaction(order, ID, cause, T1);
const claimed: Transaction = { ...pending, lease: 'mine' };
const approval: GatewayAnswer = { outcome: 'approved', reference: 'R-1' };
const refusal: GatewayAnswer = { outcome: 'rejected', reason: 'insufficient funds' };

describe('a new transaction', () => {
  it('is pending, of what the order owes, and keeps of its cause what its events need', () => {
    const envelope = { ...cause, source: 'order', subject: order.orderId };
    expect(newTransaction(order, ID, envelope, T1)).toEqual({
      ...order,
      id: ID,
      kind: 'CHARGE',
      state: 'PENDING',
      version: 0,
      reason: '',
      gatewayReference: '',
      attempts: 0,
      cause,
      createdAt: T1,
      updatedAt: T1,
    });
  });
});

describe("the gateway's answer", () => {
  it('approves a pending transaction under the reference of the gateway', () => {
    const approved = { state: 'APPROVED', gatewayReference: 'R-1', version: 1, attempts: 1, updatedAt: T2 };
    expect(settle(claimed, approval, T2)).toEqual({ ...pending, ...approved });
  });

  it('rejects a pending transaction with the reason of the gateway', () => {
    const rejected = { state: 'REJECTED', reason: 'insufficient funds', version: 1, attempts: 1, updatedAt: T2 };
    expect(settle(claimed, refusal, T2)).toEqual({ ...pending, ...rejected });
  });

  it.each([approval, refusal])('changes nothing once there is one, whatever the second says', (second) => {
    for (const first of [approval, refusal]) {
      const settled = settle(pending, first, T1);
      expect(settled && settle(settled, second, T2)).toBeUndefined();
    }
  });

  it('counts also when another claim works on the transaction now, or none', () => {
    expect(settle({ ...claimed, lease: 'another' }, approval, T2)?.state).toBe('APPROVED');
    expect(settle(pending, approval, T2)?.state).toBe('APPROVED');
  });

  it('is kept without what PostgreSQL can not store, and not at any length', () => {
    const settled = settle(pending, { outcome: 'rejected', reason: `no\u0000${'!'.repeat(10_000)}` }, T2);
    expect(settled?.reason).toBe(`no${'!'.repeat(498)}`);
  });
});

describe('a call without an answer', () => {
  it('counts, and leaves the transaction pending at the same version, free for others', () => {
    expect(postpone({ ...claimed, attempts: 2 }, 'mine', T2)).toEqual({ ...pending, attempts: 3, updatedAt: T2 });
  });

  it('changes nothing once there is an answer', () => {
    const settled = settle(claimed, approval, T1);
    expect(settled && postpone(settled, 'mine', T2)).toBeUndefined();
    expect(settled && release(settled, 'mine')).toBeUndefined();
  });

  it('changes nothing when another claim works on the transaction now, or none', () => {
    for (const transaction of [{ ...claimed, lease: 'another' }, pending]) {
      expect(postpone(transaction, 'mine', T2)).toBeUndefined();
      expect(release(transaction, 'mine')).toBeUndefined();
    }
  });

  it('does not count when the process could not wait for it', () => {
    expect(release(claimed, 'mine')).toEqual(pending);
  });
});
