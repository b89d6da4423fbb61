import { describe, expect, it } from '@jest/globals';
import type { OrderPart, TransactionPart } from './report.js';
import { assertOrder, assertTransaction } from './rules.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const NOW = new Date('2026-01-01T10:00:00.000Z');
const line = { sku: 'A-1', name: 'Lamp', quantity: 2, unitPrice: 1250 };

const order: OrderPart = {
  ...{ id: ID, clientId: 7, address: 'Calle 1', currency: 'EUR', status: 'PENDING', total: 2500, lines: [line] },
  ...{ orderVersion: 1, createdAt: NOW, updatedAt: NOW },
};
const transaction: TransactionPart = {
  ...{ id: ID, transactionId: ID, transactionState: 'APPROVED', transactionAmount: 2500, transactionCurrency: 'EUR' },
  ...{ transactionVersion: 1, processedAt: NOW },
};

/** What is thrown for an event that is wrong in these fields. */
function brokenAt(...paths: string[]): unknown {
  const details: unknown = paths.map((path) => expect.objectContaining({ path }) as unknown);
  return expect.objectContaining({ code: 'rule-broken', details });
}

describe('what is told of an order', () => {
  it('is taken as it is when it can be stored', () => {
    expect(assertOrder(order)).toBe(order);
  });

  it.each<{ wrong: string; change: Partial<OrderPart>; paths: string[] }>([
    { wrong: 'no UUID', change: { id: '42' }, paths: ['orderId'] },
    { wrong: 'a client id past the safe range', change: { clientId: 2 ** 53 }, paths: ['clientId'] },
    { wrong: 'U+0000 in a text', change: { address: 'a\u0000' }, paths: ['address'] },
    { wrong: 'U+0000 in a line', change: { lines: [line, { ...line, name: '\u0000' }] }, paths: ['lines.1.name'] },
    { wrong: 'no currency', change: { currency: '' }, paths: ['currency'] },
    { wrong: 'a negative total', change: { total: -1 }, paths: ['total'] },
    {
      wrong: 'a price past the safe range',
      change: { lines: [{ ...line, unitPrice: 2 ** 60 }] },
      paths: ['lines.0.unitPrice'],
    },
    { wrong: 'version 0', change: { orderVersion: 0 }, paths: ['version'] },
    { wrong: 'a version past the column', change: { orderVersion: 2 ** 31 }, paths: ['version'] },
    { wrong: 'several things', change: { id: '', total: NaN }, paths: ['orderId', 'total'] },
  ])('breaks a rule with $wrong', ({ change, paths }) => {
    expect(() => assertOrder({ ...order, ...change })).toThrow(brokenAt(...paths));
  });
});

describe('what is told of a transaction', () => {
  it('is taken as it is when it can be stored', () => {
    expect(assertTransaction(transaction)).toBe(transaction);
  });

  it.each<{ wrong: string; change: Partial<TransactionPart>; paths: string[] }>([
    { wrong: 'no UUID of an order', change: { id: '' }, paths: ['orderId'] },
    { wrong: 'no UUID of its own', change: { transactionId: '' }, paths: ['transactionId'] },
    { wrong: 'a negative amount', change: { transactionAmount: -1 }, paths: ['amount'] },
    { wrong: 'no currency', change: { transactionCurrency: 'euro' }, paths: ['currency'] },
    { wrong: 'version 0', change: { transactionVersion: 0 }, paths: ['version'] },
  ])('breaks a rule with $wrong', ({ change, paths }) => {
    expect(() => assertTransaction({ ...transaction, ...change })).toThrow(brokenAt(...paths));
  });
});
