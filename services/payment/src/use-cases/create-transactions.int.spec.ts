import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { deadLetterTopic } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { randomUUID } from 'node:crypto';
import { ordenCreada } from '../testing/messages.js';
import { createPaymentBed, type PaymentBed, type Replica, startReplica } from '../testing/payment-service.js';

jest.setTimeout(30_000);

describe('creating transactions', () => {
  let bed: PaymentBed;
  let replica: Replica;
  beforeAll(async () => {
    bed = await createPaymentBed();
    // Nothing is answered: what is looked at here is what the handler did.
    replica = await startReplica(bed, { env: { SIMULATOR_FAULT: 'down' } });
  });
  afterAll(async () => {
    await replica.stop();
    await bed.drop();
  });

  const publish = async (...messages: Parameters<PaymentBed['publish']>[0]) => {
    await bed.publish(messages);
    await bed.settled();
  };

  it('notes a new order as a pending transaction of its amount, with its cause', async () => {
    const [orderId, id, cause] = [randomUUID(), randomUUID(), aRequest()];
    await publish(ordenCreada(orderId, { id, cause }));
    const transaction = await bed.prisma.transaction.findFirstOrThrow({ where: { orderId } });
    expect(transaction).toMatchObject({ amount: 2500n, currency: 'EUR', kind: 'CHARGE', state: 'PENDING', version: 0 });
    expect(transaction).toMatchObject({ causeId: id, correlationId: cause.correlationId });
  });

  it('gives it the id that it had, when the database has lost it and the event comes again: it is the same charge', async () => {
    const [orderId, other] = [randomUUID(), randomUUID()];
    const transactionOf = (order: string) => bed.prisma.transaction.findFirstOrThrow({ where: { orderId: order } });
    await publish(ordenCreada(orderId), ordenCreada(other));
    const { id } = await transactionOf(orderId);
    await bed.prisma.transaction.deleteMany({ where: { orderId } });
    await publish(ordenCreada(orderId));
    expect((await transactionOf(orderId)).id).toBe(id);
    expect((await transactionOf(other)).id).not.toBe(id);
  });

  it('adds one transaction for an order, however often and under whatever id its event comes', async () => {
    const [orderId, id] = [randomUUID(), randomUUID()];
    const event = ordenCreada(orderId, { id });
    await publish(event, event, ordenCreada(orderId), ordenCreada(orderId));
    await publish(event, ordenCreada(orderId));
    const transactions = await bed.prisma.transaction.findMany({ where: { orderId } });
    expect(transactions).toHaveLength(1);
    expect(transactions[0]?.causeId).toBe(id);
    expect(await bed.browse(deadLetterTopic('orden-creada', 'payment'))).toEqual([]);
  });

  it('lets an order that can not be paid die with its reason, and goes on with those behind it', async () => {
    const good = randomUUID();
    await publish(ordenCreada(randomUUID(), { currency: 'eur', total: -1n }), ordenCreada(good));
    expect(await bed.prisma.transaction.count({ where: { orderId: good } })).toBe(1);
    const dead = await bed.browse(deadLetterTopic('orden-creada', 'payment'));
    expect(dead.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({
        dlq_reason: 'rule-broken',
        dlq_error: expect.stringMatching(/total must be .*; currency must be/),
      }),
    ]);
  });
});
