import { AlpesError } from '@alpes/messaging';
import { describe, expect, it } from '@jest/globals';
import type { IdempotencyStore, KeyUse } from '../domain/idempotency-store.js';
import { goodOrder } from '../testing/orders.js';
import { acceptOrder } from './accept-order.js';

const cause = { id: 'request', correlationId: 'request', traceparent: 'trace' };

/** Keys in memory, a broker that notes what it got, ids that count. */
function createWorld({ brokerAway = false } = {}) {
  const uses = new Map<string, KeyUse>();
  const published: string[] = [];
  const world = { brokerAway, published, accepted: 0 };
  const keys: IdempotencyStore = {
    claim: (clientId, key, use) => {
      const name = `${clientId}/${key}`;
      uses.set(name, uses.get(name) ?? use);
      return Promise.resolve(uses.get(name) ?? use);
    },
    deleteExpired: () => Promise.resolve(0),
  };
  let ids = 0;
  const accept = acceptOrder({
    keys,
    newId: () => `order-${(ids += 1)}`,
    accepted: () => (world.accepted += 1),
    commands: {
      create: (id) => {
        if (world.brokerAway) return Promise.reject(new AlpesError('unavailable', 'away'));
        published.push(id);
        return Promise.resolve();
      },
    },
  });
  return { world, accept };
}

describe('accepting an order', () => {
  it('makes an order of each request without a key', async () => {
    const { accept } = createWorld();
    const request = { order: goodOrder, key: undefined, cause };
    expect(await accept(request)).not.toBe(await accept(request));
  });

  it('sends the same command again for the same key and order', async () => {
    const { accept, world } = createWorld();
    const request = { order: goodOrder, key: 'a', cause };
    expect(await accept(request)).toBe(await accept(request));
    expect(world.published).toEqual(['order-1', 'order-1']);
  });

  it('counts an order that is accepted, and neither its repetition nor one that is not', async () => {
    const { accept, world } = createWorld();
    const request = { order: goodOrder, key: 'a', cause };
    await accept(request);
    await accept(request);
    await accept({ ...request, key: undefined });
    expect(world.accepted).toBe(2);
    world.brokerAway = true;
    await expect(accept({ ...request, key: 'b' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(world.accepted).toBe(2);
  });

  it('refuses the same key for another order, and sends nothing', async () => {
    const { accept, world } = createWorld();
    await accept({ order: goodOrder, key: 'a', cause });
    await expect(accept({ order: { ...goodOrder, currency: 'USD' }, key: 'a', cause })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
      details: [{ path: 'headers.idempotency-key' }],
    });
    expect(world.published).toHaveLength(1);
  });

  it('lets every client have its own keys', async () => {
    const { accept } = createWorld();
    const first = await accept({ order: goodOrder, key: 'a', cause });
    expect(await accept({ order: { ...goodOrder, clientId: 43 }, key: 'a', cause })).not.toBe(first);
  });

  it('heals by repeating when the command did not get through', async () => {
    const { accept, world } = createWorld({ brokerAway: true });
    const request = { order: goodOrder, key: 'a', cause };
    await expect(accept(request)).rejects.toMatchObject({ code: 'unavailable' });
    world.brokerAway = false;
    await expect(accept(request)).resolves.toBe('order-1');
  });
});
