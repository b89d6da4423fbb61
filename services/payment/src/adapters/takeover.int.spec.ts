import { gate } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { PaymentGateway } from '../domain/payment-gateway.js';
import { ordenCreada } from '../testing/messages.js';
import { orderIds } from '../testing/orders.js';
import { createPaymentBed, type PaymentBed, type Replica, startReplica } from '../testing/payment-service.js';

/** A worker that stands still between the gateway's charge and its answer, until it thaws. Its timers stand still too. */
function frozen(then: 'answer' | 'fail') {
  const [thawed, charged] = [gate(), gate()];
  const wrap = (gateway: PaymentGateway): PaymentGateway => ({
    ...gateway,
    charge: (request, answer) =>
      gateway.charge({ ...request, signal: new AbortController().signal }, async (given) => {
        charged.open();
        await thawed.passed;
        if (then === 'fail') throw new Error('the connection was lost while the process stood still');
        await answer(given);
      }),
  });
  // A process that stands still claims nothing.
  const override = { PAYMENT_LEASE_MS: 300, GATEWAY_TIMEOUT_MS: 60_000, PAYMENT_POLL_MS: 60_000 };
  return { options: { wrap, override }, charged: charged.passed, thaw: thawed.open };
}

jest.setTimeout(30_000);

describe('replicas of the payment worker', () => {
  let bed: PaymentBed;
  let replicas: Replica[];
  beforeEach(async () => {
    bed = await createPaymentBed();
    replicas = [];
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await bed.drop();
  });

  const start = async (options?: Parameters<typeof startReplica>[1]): Promise<Replica> => {
    const replica = await startReplica(bed, options);
    replicas.push(replica);
    return replica;
  };
  const stopAll = async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.stop()));
  };

  it('share the work side by side: each order is asked for once', async () => {
    const env = { PAYMENT_CONCURRENCY: '10', SIMULATOR_LATENCY_MS: '5', PAYMENT_POLL_MS: '20', BATCH_SIZE: '20' };
    await Promise.all([start({ env }), start({ env })]);
    const ids = orderIds(300);
    await bed.publish(ids.map((orderId) => ordenCreada(orderId)));
    await bed.settled();
    await bed.allAnswered();
    await stopAll();
    const charges = await bed.charges();
    expect(charges.map((charge) => charge.order_id).toSorted()).toEqual(ids.toSorted());
    expect(charges.every((charge) => charge.calls === 1)).toBe(true);
    expect((await bed.processed()).map(({ body }) => body.orderId).toSorted()).toEqual(ids.toSorted());
  });

  it.each(['answer', 'fail'] as const)(
    'take over from one that stood still after the charge: one charge, one event, and its late %s changes nothing',
    async (then) => {
      const orderId = randomUUID();
      const standing = frozen(then);
      await start(standing.options);
      await bed.publish([ordenCreada(orderId)]);
      await standing.charged;
      await start();
      await bed.allAnswered();
      const before = await bed.prisma.transaction.findFirstOrThrow();
      standing.thaw();
      await stopAll();
      expect(await bed.prisma.transaction.findFirstOrThrow()).toEqual(before);
      expect(before).toMatchObject({ version: 1, attempts: 1 });
      expect((await bed.processed()).map(({ body }) => body.orderId)).toEqual([orderId]);
      expect(await bed.steps()).toHaveLength(1);
      expect(await bed.charges()).toEqual([expect.objectContaining({ order_id: orderId, calls: 2 })]);
    },
  );

  it('keep the lease of a successor when one that stood still fails late', async () => {
    const [first, second] = [frozen('fail'), frozen('answer')];
    await start(first.options);
    await bed.publish([ordenCreada(randomUUID())]);
    await first.charged;
    const patient = { ...second.options.override, PAYMENT_LEASE_MS: 60_000, PAYMENT_POLL_MS: 20 };
    await start({ ...second.options, override: patient });
    await second.charged;
    const held = await bed.prisma.transaction.findFirstOrThrow();
    first.thaw();
    await replicas.shift()?.stop();
    expect(await bed.prisma.transaction.findFirstOrThrow()).toEqual(held);
    second.thaw();
    await bed.allAnswered();
    await stopAll();
    expect(await bed.processed()).toHaveLength(1);
  });
});
