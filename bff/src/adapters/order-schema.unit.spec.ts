import { validate } from '@alpes/service-kit';
import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../domain/order.js';
import { goodOrder, withLine, without } from '../testing/orders.js';
import { orderSchema } from './order-schema.js';

const check = (body: unknown) => validate(orderSchema, body, 'body');

/** The paths that are named as wrong. */
function wrong(body: unknown): string[] {
  try {
    check(body);
    return [];
  } catch (thrown) {
    return (thrown as { details: { path: string }[] }).details.map(({ path }) => path);
  }
}

const line = { sku: 'A', name: 'B', quantity: 1, unitPrice: 1 };
const big = Number.MAX_SAFE_INTEGER;

describe('the schema of an order', () => {
  it('takes a good order as it is', () => {
    expect(check(goodOrder)).toEqual(goodOrder);
  });

  it.each([
    ['an address of the longest kind', { ...goodOrder, address: 'x'.repeat(LIMITS.addressLength) }],
    ['as many lines as there may be', { ...goodOrder, lines: Array.from({ length: LIMITS.lines }, () => line) }],
    ['the greatest client id', { ...goodOrder, clientId: big }],
    ['the greatest total', withLine({ quantity: 1, unitPrice: big })],
    ['a currency without minor units', { ...goodOrder, currency: 'JPY' }],
    ['a price of nothing', withLine({ unitPrice: 0 })],
    ['an address of that many characters beyond the first plane', { ...goodOrder, address: '🏔'.repeat(1_000) }],
    ['whole pairs of surrogates', { ...goodOrder, address: '🏔️ 𝒜' }],
  ])('takes %s', (_what, body) => {
    expect(wrong(body)).toEqual([]);
  });

  it.each<[string, unknown, ...string[]]>([
    ['no body', undefined, 'body'],
    ['null', null, 'body'],
    ['a list', [goodOrder], 'body'],
    ['a text', 'order', 'body'],
    ['no client id', without('clientId'), 'body.clientId'],
    ['no address', without('address'), 'body.address'],
    ['no currency', without('currency'), 'body.currency'],
    ['no lines', without('lines'), 'body.lines'],
    ['an unknown field', { ...goodOrder, total: 5 }, 'body.total'],
    ['an unknown field of a line', withLine({ discount: 5 }), 'body.lines.0.discount'],
    ['an own __proto__', JSON.parse(`${JSON.stringify(goodOrder).slice(0, -1)},"__proto__":1}`), 'body.__proto__'],
    ['a client id as text', { ...goodOrder, clientId: '42' }, 'body.clientId'],
    ['a client id of 0', { ...goodOrder, clientId: 0 }, 'body.clientId'],
    ['a negative client id', { ...goodOrder, clientId: -1 }, 'body.clientId'],
    ['a fraction of a client id', { ...goodOrder, clientId: 1.5 }, 'body.clientId'],
    ['a client id past the safe range', { ...goodOrder, clientId: 2 ** 53 }, 'body.clientId'],
    ['a blank address', { ...goodOrder, address: ' \n' }, 'body.address'],
    ['an address that is a number', { ...goodOrder, address: 5 }, 'body.address'],
    ['an address too long', { ...goodOrder, address: 'x'.repeat(LIMITS.addressLength + 1) }, 'body.address'],
    ['U+0000 in the address', { ...goodOrder, address: 'a\u0000b' }, 'body.address'],
    ['half a surrogate pair', { ...goodOrder, address: 'a\ud83c' }, 'body.address'],
    ['an unknown currency', { ...goodOrder, currency: 'XXZ' }, 'body.currency'],
    ['a currency in lower case', { ...goodOrder, currency: 'eur' }, 'body.currency'],
    ['a currency that is null', { ...goodOrder, currency: null }, 'body.currency'],
    ['lines that are no list', { ...goodOrder, lines: {} }, 'body.lines'],
    ['an empty list of lines', { ...goodOrder, lines: [] }, 'body.lines'],
    ['too many lines', { ...goodOrder, lines: Array.from({ length: LIMITS.lines + 1 }, () => 0) }, 'body.lines'],
    ['a line that is null', { ...goodOrder, lines: [line, null] }, 'body.lines.1'],
    ['an empty sku', withLine({ sku: '' }), 'body.lines.0.sku'],
    ['a sku too long', withLine({ sku: 'x'.repeat(LIMITS.skuLength + 1) }), 'body.lines.0.sku'],
    ['a name that is missing', withLine({ name: undefined }), 'body.lines.0.name'],
    ['a name too long', withLine({ name: 'x'.repeat(LIMITS.nameLength + 1) }), 'body.lines.0.name'],
    ['a quantity of 0', withLine({ quantity: 0 }), 'body.lines.0.quantity'],
    ['a negative quantity', withLine({ quantity: -3 }), 'body.lines.0.quantity'],
    ['an absurd quantity', withLine({ quantity: LIMITS.quantity + 1 }), 'body.lines.0.quantity'],
    ['an infinite quantity', withLine({ quantity: JSON.parse('1e999') as number }), 'body.lines.0.quantity'],
    ['a quantity as text', withLine({ quantity: '1' }), 'body.lines.0.quantity'],
    ['a negative price', withLine({ unitPrice: -1 }), 'body.lines.0.unitPrice'],
    ['a quantity past the safe range', withLine({ quantity: 1e300 }), 'body.lines.0.quantity'],
    ['a fraction of a price', withLine({ unitPrice: 9.99 }), 'body.lines.0.unitPrice'],
    ['a total past the safe range', withLine({ quantity: 2, unitPrice: big }), 'body.lines'],
    ['a total just past it', { ...goodOrder, lines: [{ ...line, unitPrice: big }, line] }, 'body.lines'],
  ])('refuses %s and names the field', (_what, body, ...paths) => {
    expect(wrong(body)).toEqual(paths);
  });

  it('takes for white space what `trim` does, and no other character but U+0000 for nothing', () => {
    const units = Array.from({ length: 0xd800 }, (_, unit) => String.fromCharCode(unit));
    const blank = units.filter((unit) => !orderSchema.shape.address.safeParse(unit).success);
    expect(blank).toEqual(units.filter((unit) => unit === '\u0000' || unit.trim() === ''));
  });

  it('names everything that is wrong at once', () => {
    const body = { ...goodOrder, clientId: 0, lines: [{ ...line, quantity: 0, unitPrice: -1 }] };
    expect(wrong(body)).toEqual(['body.clientId', 'body.lines.0.quantity', 'body.lines.0.unitPrice']);
  });

  it('answers heaps of nonsense with a list that ends', () => {
    const nonsense = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}`, 1]));
    expect(wrong({ ...goodOrder, ...nonsense }).length).toBeLessThanOrEqual(50);
    const lines = Array.from({ length: LIMITS.lines }, () => nonsense);
    expect(wrong({ ...goodOrder, lines }).length).toBeLessThanOrEqual(50);
  });
});
