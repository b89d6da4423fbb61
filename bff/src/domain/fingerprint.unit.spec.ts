import { describe, expect, it } from '@jest/globals';
import { goodOrder } from '../testing/orders.js';
import { fingerprint } from './fingerprint.js';

const reordered = {
  lines: goodOrder.lines.map(({ sku, name, quantity, unitPrice }) => ({ unitPrice, quantity, name, sku })),
  currency: goodOrder.currency,
  address: goodOrder.address,
  clientId: goodOrder.clientId,
};

describe('the fingerprint of an order', () => {
  it('does not depend on the order of the fields', () => {
    expect(fingerprint(reordered)).toBe(fingerprint(goodOrder));
    expect(fingerprint(goodOrder)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['client', { ...goodOrder, clientId: 43 }],
    ['address', { ...goodOrder, address: `${goodOrder.address} ` }],
    ['currency', { ...goodOrder, currency: 'USD' }],
    ['quantity', { ...goodOrder, lines: goodOrder.lines.map((line) => ({ ...line, quantity: line.quantity + 1 })) }],
    ['order of the lines', { ...goodOrder, lines: goodOrder.lines.toReversed() }],
    ['number of lines', { ...goodOrder, lines: goodOrder.lines.slice(1) }],
  ])('is another one for another %s', (_what, order) => {
    expect(fingerprint(order)).not.toBe(fingerprint(goodOrder));
  });

  it('keeps texts apart that would run together', () => {
    const [line] = goodOrder.lines;
    const one = { ...goodOrder, lines: [{ ...line, sku: 'a', name: 'b,c', quantity: 1, unitPrice: 1 }] };
    const other = { ...goodOrder, lines: [{ ...line, sku: 'a,b', name: 'c', quantity: 1, unitPrice: 1 }] };
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });
});
