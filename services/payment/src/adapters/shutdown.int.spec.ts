import { eventually } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ordenCreada } from '../testing/messages.js';
import { orderIds } from '../testing/orders.js';
import { createPaymentBed, type PaymentBed, startReplica } from '../testing/payment-service.js';

jest.setTimeout(30_000);

describe('a payment worker that is stopped', () => {
  let bed: PaymentBed;
  beforeEach(async () => {
    bed = await createPaymentBed();
  });
  afterEach(() => bed.drop());

  const leased = () => bed.prisma.transaction.count({ where: { leaseOwner: { not: null } } });

  it('claims nothing more, charges what it has in hand, records and publishes it', async () => {
    const env = { SIMULATOR_LATENCY_MS: '800', PAYMENT_CONCURRENCY: '5' };
    const replica = await startReplica(bed, { env });
    await bed.publish(orderIds(22).map((orderId) => ordenCreada(orderId)));
    // Those that are called for, and as many that wait for a place.
    await eventually(async () => (await leased()) === 10, { timeoutMs: 15_000 });
    await replica.stop();
    const transactions = await bed.prisma.transaction.findMany();
    const answered = transactions.filter(({ state }) => state !== 'PENDING').map(({ id }) => id);
    expect((await bed.charges()).map((charge) => charge.idempotency_key).toSorted()).toEqual(answered.toSorted());
    expect((await bed.processed()).map(({ body }) => body.transactionId).toSorted()).toEqual(answered.toSorted());
    expect(answered.length).toBeGreaterThanOrEqual(10);
    expect(answered.length).toBeLessThan(22);
    expect(await leased()).toBe(0);
  });

  it('gives calls up that take longer than its grace, so that another goes on at once', async () => {
    const slow = { SIMULATOR_FAULT: 'slow', SIMULATOR_SLOW_MS: '8000', GRACE_MS: '400' };
    const replica = await startReplica(bed, { env: slow });
    await bed.publish(orderIds(3).map((orderId) => ordenCreada(orderId)));
    await eventually(async () => (await leased()) === 3, { timeoutMs: 15_000 });
    const began = performance.now();
    await replica.stop();
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(await leased()).toBe(0);
    const successor = await startReplica(bed);
    await bed.allAnswered();
    await successor.stop();
    const transactions = await bed.prisma.transaction.findMany();
    expect(transactions.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    expect((await bed.charges()).map((charge) => charge.calls)).toEqual([1, 1, 1]);
  });
});
