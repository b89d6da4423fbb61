import { AlpesError } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import { assertPayable } from './rules.js';
import type { OrderToPay } from './transaction.js';

const order: OrderToPay = { orderId: '01890a5d-ac96-774b-bcce-b302099a8057', amount: 2500, currency: 'EUR' };

function pathsOf(wrong: OrderToPay): string[] {
  try {
    assertPayable(wrong);
    return [];
  } catch (error) {
    if (error instanceof AlpesError && error.code === 'rule-broken') return error.details.map(({ path }) => path);
    throw error;
  }
}

describe('an order', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('can be paid when it costs %d', (amount) => {
    expect(assertPayable({ ...order, amount })).toEqual({ ...order, amount });
  });

  it.each([
    ['a negative total', { amount: -1 }, ['total']],
    ['a total past the safe integers', { amount: Number.MAX_SAFE_INTEGER + 1 }, ['total']],
    ['a total that is no number', { amount: Number.NaN }, ['total']],
    ['a currency that is no code', { currency: 'eur' }, ['currency']],
    ['no currency', { currency: '' }, ['currency']],
    ['an id that is no UUID', { orderId: '42' }, ['orderId']],
    ['an id in upper case', { orderId: order.orderId.toUpperCase() }, ['orderId']],
  ])('with %s breaks a rule that names the field', (_what, wrong, paths) => {
    expect(pathsOf({ ...order, ...wrong })).toEqual(paths);
  });

  it('with several faults is refused for all of them at once', () => {
    expect(pathsOf({ orderId: '', amount: -1, currency: '' })).toEqual(['orderId', 'total', 'currency']);
  });
});
