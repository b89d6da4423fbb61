import { catalogue, TransaccionProcesadaSchema } from '@alpes/contracts';
import { deadLetterTopic } from '@alpes/messaging';
import { race } from '@alpes/service-kit/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.js';
import type { PaymentGateway } from './domain/payment-gateway.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';
import { readSettings } from './settings.js';
import { ordenCreada } from './testing/messages.js';
import { orderIds } from './testing/orders.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

/** Answers twice, and so late that others have claimed the transaction meanwhile: all of them record it. */
const gateway: PaymentGateway = {
  charge: async ({ idempotencyKey }, answer) => {
    await delay(20 + Math.random() * 40);
    await Promise.all([1, 2].map(() => answer({ outcome: 'approved', reference: idempotencyKey })));
  },
  close: async () => {},
};

/** Leases that end before any call does. */
const settings = {
  ...readSettings({ DATABASE_URL: 'postgresql://a', GATEWAY_DATABASE_URL: 'postgresql://b', BROKER_URL: 'embedded:' }),
  ...{ PAYMENT_LEASE_MS: 10, PAYMENT_POLL_MS: 5 },
};

describe('replicas of payment that get the same orders in different orders while all charge the same transactions', () => {
  it('never deadlock, and each order is charged and announced once', async () => {
    const ids = orderIds(120);
    const all = () => ids.map((id) => ordenCreada(id));
    const messages = all();
    const { prisma, published, deadlocks, drop } = await race<Prisma.TransactionClient, PrismaClient>({
      name: 'payment',
      migrations: new URL('../prisma/migrations', import.meta.url),
      connect: (adapter) => new PrismaClient({ adapter }),
      build: (context) => createApp({ ...context, gateway, settings }),
      rounds: [() => [...all(), ...messages]],
      isAtRest: async (client) => (await client.transaction.count({ where: { state: 'PENDING' } })) === 0,
    });
    try {
      expect(deadlocks).toBe(0);
      const transactions = await prisma.transaction.findMany();
      expect(transactions.map(({ orderId }) => orderId).toSorted()).toEqual(ids.toSorted());
      const { topic } = catalogue.contractOf(TransaccionProcesadaSchema);
      const told = published.filter((message) => message.topic === topic);
      expect(new Set(told.map(({ key, properties }) => `${key} ${properties['ce_id']}`)).size).toBe(ids.length);
      const dead = deadLetterTopic('orden-creada', 'payment');
      expect(published.filter((message) => message.topic === dead)).toEqual([]);
    } finally {
      await drop();
    }
  });
});
