import { describe, expect, it } from '@jest/globals';
import { applyTransaction, type CreateOrder, createOrder, type Order, type TransactionResult } from './order.js';

const T1 = new Date('2026-01-01T10:00:00.000Z');
const T2 = new Date('2026-01-01T10:00:05.000Z');

const command: CreateOrder = {
  orderId: '01890a5d-ac96-774b-bcce-b302099a8057',
  clientId: 7,
  address: 'Calle 1',
  currency: 'EUR',
  lines: [
    { sku: 'A-1', name: 'Lamp', quantity: 2, unitPrice: 1000 },
    { sku: 'B-2', name: 'Bulb', quantity: 1, unitPrice: 500 },
  ],
};
const pending = createOrder(command, T1);
const approval: TransactionResult = { orderId: pending.id, amount: 2500, currency: 'EUR', state: 'APPROVED' };
const refusal: TransactionResult = { ...approval, state: 'REJECTED' };
const approved: Order = { ...pending, status: 'APPROVED', version: 2, updatedAt: T2 };
const rejected: Order = { ...pending, status: 'REJECTED', version: 2, updatedAt: T2 };

describe('creating an order', () => {
  it('gives a pending order of version 1 with the sum of its lines', () => {
    expect(createOrder(command, T1)).toEqual({
      id: command.orderId,
      clientId: 7,
      address: 'Calle 1',
      currency: 'EUR',
      lines: command.lines,
      total: 2500,
      status: 'PENDING',
      version: 1,
      createdAt: T1,
      updatedAt: T1,
    });
  });
});

describe('the result of a transaction', () => {
  it.each([
    {
      given: 'a pending order',
      order: pending,
      when: 'approved',
      result: approval,
      then: approved,
      becomes: 'APPROVED',
    },
    { given: 'a pending order', order: pending, when: 'refused', result: refusal, then: rejected, becomes: 'REJECTED' },
    {
      given: 'an approved order',
      order: approved,
      when: 'approved again',
      result: approval,
      then: undefined,
      becomes: 'what it was',
    },
    {
      given: 'a rejected order',
      order: rejected,
      when: 'refused again',
      result: refusal,
      then: undefined,
      becomes: 'what it was',
    },
  ])('given $given, when its transaction is $when, then it is $becomes', ({ order, result, then }) => {
    expect(applyTransaction(order, result, T2)).toEqual(then);
  });

  it.each([
    { given: 'an approved order', order: approved, when: 'its transaction is refused', result: refusal },
    { given: 'a rejected order', order: rejected, when: 'its transaction is approved', result: approval },
    {
      given: 'a pending order',
      order: pending,
      when: 'another amount was charged',
      result: { ...approval, amount: 2501 },
    },
    {
      given: 'a pending order',
      order: pending,
      when: 'another currency was charged',
      result: { ...approval, currency: 'USD' },
    },
    {
      given: 'an approved order',
      order: approved,
      when: 'another amount was charged',
      result: { ...approval, amount: 1 },
    },
  ])('given $given, when $when, then a rule is broken', ({ order, result }) => {
    expect(() => applyTransaction(order, result, T2)).toThrow(expect.objectContaining({ code: 'rule-broken' }));
  });
});
