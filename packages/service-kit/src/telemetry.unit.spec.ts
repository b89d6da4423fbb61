import { describe, expect, it } from '@jest/globals';
import { createGauge, createRegistry } from './telemetry.js';

describe('a gauge', () => {
  it('is read each time the metrics are asked for, and is NaN while it can not be read', async () => {
    const registry = createRegistry('shop');
    const answers = [Promise.resolve(3), Promise.resolve(0)];
    const read = () => answers.shift() ?? Promise.reject(new Error('the database is gone'));
    createGauge(registry, { name: 'shop_open_carts', help: 'Carts', read });
    const line = async () => /^shop_open_carts.*$/m.exec(await registry.metrics())?.[0];
    await expect(line()).resolves.toBe('shop_open_carts{service="shop"} 3');
    await expect(line()).resolves.toBe('shop_open_carts{service="shop"} 0');
    await expect(line()).resolves.toBe('shop_open_carts{service="shop"} Nan');
  });
});
