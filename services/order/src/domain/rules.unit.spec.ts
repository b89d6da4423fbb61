import { describe, expect, it } from '@jest/globals';
import type { CreateOrder, Line } from './order.js';
import { assertOrderId, assertValid } from './rules.js';

const line: Line = { sku: 'A-1', name: 'Lamp', quantity: 2, unitPrice: 1000 };
const command: CreateOrder = {
  orderId: '01890a5d-ac96-774b-bcce-b302099a8057',
  clientId: 7,
  address: 'Calle 1',
  currency: 'EUR',
  lines: [line],
};

/** What is thrown for a command that is wrong in these fields. */
function brokenAt(...paths: string[]): unknown {
  const details: unknown = paths.map((path) => expect.objectContaining({ path }) as unknown);
  return expect.objectContaining({ code: 'rule-broken', details });
}

describe('the rules of an order', () => {
  it('give the total of a valid one', () => {
    expect(assertValid({ ...command, lines: [line, { ...line, quantity: 1, unitPrice: 0 }] })).toBe(2000);
  });

  it('take a currency that this version of Node does not know', () => {
    expect(assertValid({ ...command, currency: 'ZZZ' })).toBe(2000);
  });

  it.each<{ wrong: string; change: Partial<CreateOrder>; paths: string[] }>([
    { wrong: 'an id that is no UUID', change: { orderId: '42' }, paths: ['orderId'] },
    { wrong: 'an id in upper case', change: { orderId: command.orderId.toUpperCase() }, paths: ['orderId'] },
    { wrong: 'a client id of 0', change: { clientId: 0 }, paths: ['clientId'] },
    { wrong: 'a client id past the safe range', change: { clientId: 2 ** 53 }, paths: ['clientId'] },
    { wrong: 'an address of spaces', change: { address: '  ' }, paths: ['address'] },
    { wrong: 'an address with U+0000', change: { address: 'a\u0000b' }, paths: ['address'] },
    { wrong: 'a currency in lower case', change: { currency: 'eur' }, paths: ['currency'] },
    { wrong: 'a currency of four letters', change: { currency: 'EURO' }, paths: ['currency'] },
    { wrong: 'no lines', change: { lines: [] }, paths: ['lines'] },
    { wrong: 'an empty sku', change: { lines: [{ ...line, sku: '' }] }, paths: ['lines.0.sku'] },
    { wrong: 'an empty name', change: { lines: [line, { ...line, name: '' }] }, paths: ['lines.1.name'] },
    { wrong: 'a quantity of 0', change: { lines: [{ ...line, quantity: 0 }] }, paths: ['lines.0.quantity'] },
    { wrong: 'a negative price', change: { lines: [{ ...line, unitPrice: -1 }] }, paths: ['lines.0.unitPrice'] },
    {
      wrong: 'a total past the safe range',
      change: { lines: [{ ...line, quantity: 2 ** 52 }] },
      paths: ['lines'],
    },
    {
      wrong: 'several things at once',
      change: { clientId: -1, currency: 'eur', address: '' },
      paths: ['clientId', 'address', 'currency'],
    },
  ])('name the field: $wrong', ({ change, paths }) => {
    expect(() => assertValid({ ...command, ...change })).toThrow(brokenAt(...paths));
  });
});

describe('the id of an order', () => {
  it('is a UUID in lower case', () => {
    expect(assertOrderId(command.orderId)).toBe(command.orderId);
    expect(() => assertOrderId('42')).toThrow(brokenAt('orderId'));
  });
});
