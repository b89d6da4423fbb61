import { describe, expect, it } from '@jest/globals';
import { MAX_SEED, randomOrders } from './random-orders.js';

const some = (seed: number, count = 1_000) => Array.from({ length: count }, (_, index) => randomOrders(seed)(index));

describe('random orders', () => {
  it('are the same for the same seed, whenever and in whatever sequence they are made', () => {
    const first = some(7, 50);
    const orderAt = randomOrders(7);
    const backwards = Array.from({ length: 50 }, (_, index) => orderAt(49 - index)).toReversed();
    expect(backwards).toEqual(first);
  });

  it('stay the same: what a seed stands for is part of a report of a fault', () => {
    const { lines, ...order } = randomOrders(7)(0);
    expect(order).toEqual({
      ...{ clientId: 1602, currency: 'CHF' },
      address: 'Willy Sidler\nBierkellerweg 86c Zimmer 442\n1326 Pully, Schweiz',
    });
    expect(lines).toHaveLength(5);
    expect(lines[0]).toEqual({ sku: 'OQF-49443', name: 'Incredible Wooden Cheese', quantity: 2, unitPrice: 7787 });
  });

  it('are others for another seed', () => {
    const texts = [0, 1, 7, MAX_SEED].map((seed) => JSON.stringify(some(seed, 20)));
    expect(new Set(texts).size).toBe(4);
  });

  it('differ from each other, and come from many places', () => {
    const orders = some(7);
    expect(new Set(orders.map(({ address }) => address)).size).toBe(orders.length);
    expect(new Set(orders.map(({ currency }) => currency)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(orders.map(({ lines }) => lines.length))).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(new Set(orders.map(({ clientId }) => clientId)).size).toBeLessThan(orders.length);
  });

  it('keep the rules of an order', () => {
    for (const { clientId, address, currency, lines } of some(11)) {
      expect(clientId).toBeGreaterThan(0);
      expect(address.length).toBeLessThanOrEqual(1_000);
      expect(Intl.supportedValuesOf('currency')).toContain(currency);
      for (const line of lines) {
        expect(Number.isSafeInteger(line.quantity) && line.quantity > 0).toBe(true);
        expect(Number.isSafeInteger(line.unitPrice) && line.unitPrice > 0).toBe(true);
        expect(`${line.sku}${line.name}`.trim()).not.toBe('');
        expect(line.name.length).toBeLessThanOrEqual(200);
      }
    }
  });
});
