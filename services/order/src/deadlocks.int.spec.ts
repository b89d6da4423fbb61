import { deadLetterTopic } from '@alpes/messaging';
import { describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { crearOrden, transaccionProcesada } from './testing/messages.js';
import { raceOrderServices } from './testing/order-service.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

describe('replicas of the order service that get the same orders in different orders', () => {
  it('never deadlock, and each order is made and changed once', async () => {
    const ids = Array.from({ length: 120 }, () => randomUUID());
    const again = (id: string) => crearOrden(id, { id: randomUUID() });
    const commands = ids.map((id) => crearOrden(id));
    const changes = ids.map((id) => transaccionProcesada(id));
    const { prisma, published, deadlocks, drop } = await raceOrderServices([
      () => [...ids.map(again), ...commands],
      () => [...ids.map((id) => transaccionProcesada(id)), ...changes, ...ids.map(again)],
    ]);
    try {
      expect(deadlocks).toBe(0);
      const orders = await prisma.order.findMany();
      expect(orders.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect([...new Set(orders.map(({ status, version }) => `${status} ${version}`))]).toEqual(['APPROVED 2']);
      const told = new Set(published.map(({ topic, key, properties }) => `${topic} ${key} ${properties['ce_id']}`));
      expect(told.size).toBe(2 * ids.length);
      const dead = ['crear-orden', 'transaccion-creada'].map((topic) => deadLetterTopic(topic, 'order'));
      expect(published.filter(({ topic }) => dead.includes(topic))).toEqual([]);
    } finally {
      await drop();
    }
  });
});
