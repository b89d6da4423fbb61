import { AlpesError, traceIdOf } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { eventually, gate } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { PaymentGateway } from '../domain/payment-gateway.js';
import { ordenCreada } from '../testing/messages.js';
import { orderIds, orderIdWhere } from '../testing/orders.js';
import { createPaymentBed, type PaymentBed, type Replica, startReplica } from '../testing/payment-service.js';
import { faultOf, simulatorSettings } from './payment-gateway/simulator.js';

jest.setTimeout(30_000);

describe('the payment worker', () => {
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
  const publishOrders = (ids: readonly string[]) => bed.publish(ids.map((orderId) => ordenCreada(orderId)));
  const answeredOrders = async (): Promise<string[]> => {
    const rows = await bed.prisma.transaction.findMany({ where: { state: { not: 'PENDING' } } });
    return rows.map(({ orderId }) => orderId);
  };
  /** Each of the orders has one event, one transaction that agrees with it, and one row in the gateway's books. */
  const expectOneOfEach = async (ids: readonly string[]): Promise<void> => {
    await eventually(async () => (await bed.processed()).length >= ids.length, {
      what: 'all events',
      timeoutMs: 15_000,
    });
    const [events, transactions, charges] = [
      await bed.processed(),
      await bed.prisma.transaction.findMany(),
      await bed.charges(),
    ];
    expect(events.map(({ body }) => body.orderId).toSorted()).toEqual(ids.toSorted());
    expect(charges.map((charge) => charge.order_id).toSorted()).toEqual(ids.toSorted());
    expect(transactions).toHaveLength(ids.length);
    for (const { id, state } of transactions) {
      expect(charges.find((charge) => charge.idempotency_key === id)?.outcome).toBe(state.toLowerCase());
    }
  };

  it('charges what was ordered and says so once, at once, in the trace of the order', async () => {
    // Only the handler's commit can have woken the worker.
    await start({ env: { PAYMENT_POLL_MS: '600000' } });
    const [orderId, id, cause] = [randomUUID(), randomUUID(), aRequest()];
    await bed.publish([ordenCreada(orderId, { id, cause })]);
    await expectOneOfEach([orderId]);
    const [event] = await bed.processed();
    const transaction = await bed.prisma.transaction.findFirstOrThrow();
    expect(event?.body).toMatchObject({ orderId, transactionId: transaction.id, amount: 2500n, version: 1n });
    expect(event?.envelope).toMatchObject({ causationId: id, correlationId: cause.correlationId, aggregateVersion: 1 });
    await bed.settled();
    const [step] = await bed.steps();
    expect(step?.body).toMatchObject({ orderId, entity: 'payment attempt', state: transaction.state });
    for (const one of [event, step]) expect(traceIdOf(one?.envelope.traceparent)).toBe(traceIdOf(cause.traceparent));
  });

  it('passes on what the gateway says: approved with its reference, rejected with its reason', async () => {
    await start({ env: { SIMULATOR_APPROVAL_RATE: '0.5' } });
    const ids = orderIds(40);
    await publishOrders(ids);
    await bed.settled();
    await bed.allAnswered();
    await expectOneOfEach(ids);
    const transactions = await bed.prisma.transaction.findMany();
    expect(new Set(transactions.map(({ state }) => state))).toEqual(new Set(['APPROVED', 'REJECTED']));
    for (const { state, reason, gatewayReference } of transactions) {
      expect({ reason: reason !== '', reference: gatewayReference !== '' }).toEqual({
        reason: state === 'REJECTED',
        reference: state === 'APPROVED',
      });
    }
  });

  it('goes on with other orders while the gateway takes its time for some, even with few slots', async () => {
    const patience = gate();
    const [slow, quick] = [orderIds(3), orderIds(40)];
    const slowForSome = (gateway: PaymentGateway): PaymentGateway => ({
      ...gateway,
      charge: async (request, answer) => {
        if (slow.includes(request.orderId)) await patience.passed;
        await gateway.charge(request, answer);
      },
    });
    await start({ wrap: slowForSome, env: { PAYMENT_CONCURRENCY: '5' } });
    await publishOrders([...slow, ...quick]);
    await eventually(async () => (await answeredOrders()).length === quick.length, { timeoutMs: 15_000 });
    expect((await answeredOrders()).toSorted()).toEqual(quick.toSorted());
    patience.open();
    await bed.allAnswered();
    await expectOneOfEach([...slow, ...quick]);
  });

  it('waits for a gateway that takes 2 s', async () => {
    await start({ env: { SIMULATOR_FAULT: 'slow', SIMULATOR_SLOW_MS: '2000' } });
    const ids = orderIds(3);
    await publishOrders(ids);
    await bed.settled();
    await bed.allAnswered();
    await expectOneOfEach(ids);
    expect((await bed.charges()).map((charge) => charge.calls)).toEqual([1, 1, 1]);
  });

  it('asks again, each time later, as long as the gateway fails, and notes every attempt', async () => {
    let failures = 0;
    const failing = (gateway: PaymentGateway): PaymentGateway => ({
      ...gateway,
      charge: (request, answer) => {
        failures += 1;
        if (failures > 3) return gateway.charge(request, answer);
        return Promise.reject(new AlpesError('unavailable', 'no line'));
      },
    });
    await start({ wrap: failing });
    const orderId = randomUUID();
    await publishOrders([orderId]);
    await bed.settled();
    await bed.allAnswered();
    await expectOneOfEach([orderId]);
    expect(await bed.prisma.transaction.findFirst()).toMatchObject({ attempts: 4, version: 1 });
    await bed.settled();
    const details = (await bed.steps()).map(({ body }) => `${body.state}: ${body.detail}`);
    expect(details).toHaveLength(4);
    expect(details.slice(0, 3)).toEqual([
      'FAILED: attempt 1: no line; the next in 20 ms',
      'FAILED: attempt 2: no line; the next in 40 ms',
      'FAILED: attempt 3: no line; the next in 80 ms',
    ]);
    expect(details[3]).toMatch(/^(APPROVED|REJECTED): attempt 4: /);
  });

  it.each(['answers-twice', 'answer-lost'])('charges once and says so once when the gateway %s', async (fault) => {
    await start({ env: { SIMULATOR_FAULT: fault } });
    const ids = orderIds(20);
    await publishOrders(ids);
    await bed.settled();
    await bed.allAnswered();
    await expectOneOfEach(ids);
    const calls = (await bed.charges()).map((charge) => charge.calls);
    expect(calls).toEqual(ids.map(() => (fault === 'answer-lost' ? 2 : 1)));
  });

  it('lets the first answer stand when the gateway says something else later', async () => {
    const fickle = (gateway: PaymentGateway): PaymentGateway => ({
      ...gateway,
      charge: (request, answer) =>
        gateway.charge(request, async (first) => {
          await answer(first);
          await answer({ outcome: 'rejected', reason: 'second thoughts' });
        }),
    });
    await start({ wrap: fickle, env: { SIMULATOR_APPROVAL_RATE: '1' } });
    const orderId = randomUUID();
    await publishOrders([orderId]);
    await bed.settled();
    await bed.allAnswered();
    await replicas.pop()?.stop();
    await expectOneOfEach([orderId]);
    expect(await bed.prisma.transaction.findFirst()).toMatchObject({ state: 'APPROVED', version: 1, reason: '' });
  });

  it('shows how many transactions wait and how long the gateway takes', async () => {
    const replica = await start({ env: { SIMULATOR_FAULT: 'down', SIMULATOR_FAULT_RATE: '0.5' } });
    const settings = simulatorSettings.parse({ ...bed.env, SIMULATOR_FAULT: 'down', SIMULATOR_FAULT_RATE: '0.5' });
    await publishOrders([
      orderIdWhere((orderId) => faultOf(orderId, settings) === 'down'),
      orderIdWhere((orderId) => faultOf(orderId, settings) === 'none'),
    ]);
    await eventually(async () => (await answeredOrders()).length === 1, { timeoutMs: 15_000 });
    const metrics = await (await replica.get('/metrics')).text();
    expect(metrics).toMatch(/^alpes_payment_work_pending\{.*\} 1$/m);
    expect(metrics).toMatch(/^alpes_payment_gateway_call_duration_seconds_count\{.*outcome="failed".*\} [1-9]/m);
    expect(metrics).toMatch(
      /^alpes_payment_gateway_call_duration_seconds_count\{.*outcome="(approved|rejected)".*\} 1$/m,
    );
    expect((await replica.get('/health/ready')).status).toBe(200);
  });
});
