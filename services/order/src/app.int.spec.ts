import { OrdenActualizadaSchema, OrdenCreadaSchema, OrderStatus, TransactionState } from '@alpes/contracts';
import {
  decodeBody,
  MAX_MESSAGE_BYTES,
  type ReceivedMessage,
  readEnvelope,
  traceIdOf,
  type TransportMessage,
} from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { crearOrden, transaccionProcesada } from './testing/messages.js';
import { type OrderService, startOrderService } from './testing/order-service.js';

let service: OrderService;

beforeAll(async () => {
  service = await startOrderService();
  // From now on the service takes what comes together in one transaction: see createTestBed.
  const ids = Array.from({ length: 20 }, () => randomUUID());
  await tell(ids.map((id) => crearOrden(id)));
  await tell(ids.map((id) => transaccionProcesada(id)));
}, 30_000);
afterAll(() => service.stop());

/** Publishes messages and waits until everything that follows from them is published. */
async function tell(messages: readonly TransportMessage[]): Promise<void> {
  await service.publish(messages);
  await service.settled();
}

async function published(topic: string, ...keys: string[]): Promise<ReceivedMessage[]> {
  return (await service.browse(topic)).filter(({ key }) => keys.includes(key));
}

/** A command that fits, but whose event does not: the whole batch fails at its end. */
function barelyPublishable(id: string): TransportMessage {
  const { key, properties, payload } = crearOrden(id);
  const size = Buffer.byteLength([key, ...Object.entries(properties).flat()].join('')) + payload.byteLength;
  return crearOrden(id, { address: 'x'.repeat(MAX_MESSAGE_BYTES - size - 10) });
}

/** A new order that the service has. */
async function anOrder(): Promise<string> {
  const id = randomUUID();
  await tell([crearOrden(id)]);
  return id;
}

describe('CrearOrden', () => {
  it('is handled with those that come with it, in one transaction', async () => {
    const ids = Array.from({ length: 5 }, () => randomUUID());
    await tell(ids.map((id) => crearOrden(id)));
    const transactions = await service.prisma.$queryRaw<unknown[]>`
      SELECT xmin::text, count(*)::int AS orders FROM orders WHERE id = ANY (${ids}::uuid[]) GROUP BY 1`;
    expect(transactions).toMatchObject([{ orders: 5 }]);
  });

  it('creates an order and announces its whole state at version 1, in the trace of the request', async () => {
    const request = aRequest();
    const id = randomUUID();
    await tell([crearOrden(id, { cause: request })]);
    const [event, ...others] = await published('orden-creada', id);
    expect(others).toEqual([]);
    if (event === undefined) throw new Error('no OrdenCreada');
    const envelope = readEnvelope(event, '');
    expect(envelope).toMatchObject({
      ...{ type: OrdenCreadaSchema.typeName, source: 'order', subject: id, aggregateVersion: 1 },
      ...{ causationId: id, correlationId: request.correlationId },
    });
    expect(traceIdOf(envelope.traceparent)).toBe(traceIdOf(request.traceparent));
    const body = decodeBody(OrdenCreadaSchema, event.payload);
    expect(body).toMatchObject({
      ...{ orderId: id, clientId: 7n, address: 'Calle 1', currency: 'EUR', total: 2500n },
      ...{ status: OrderStatus.PENDING, version: 1n, createdAt: body.updatedAt },
      lines: [
        { sku: 'A-1', name: 'Lamp', quantity: 2n, unitPrice: 1000n },
        { sku: 'B-2', name: 'Bulb', quantity: 1n, unitPrice: 500n },
      ],
    });
  });

  it('is one order however often it comes, in one batch or later', async () => {
    const id = randomUUID();
    const command = crearOrden(id);
    await tell([command, command, command]);
    await tell([command]);
    await expect(published('orden-creada', id)).resolves.toHaveLength(1);
  });

  it('is one order, that of the first command, when messages of different ids name the same order', async () => {
    const id = randomUUID();
    const addresses = ['Calle 1', 'Calle 2', 'Calle 3'];
    await tell(addresses.map((address) => crearOrden(id, { id: randomUUID(), address })));
    await tell([crearOrden(id, { id: randomUUID(), address: 'Calle 4' })]);
    const events = await published('orden-creada', id);
    expect(events.map(({ payload }) => decodeBody(OrdenCreadaSchema, payload).address)).toEqual(['Calle 1']);
    await expect(service.prisma.order.findUnique({ where: { id } })).resolves.toMatchObject({ address: 'Calle 1' });
  });

  it('that is poison dies alone, with its reason, among those of its batch', async () => {
    const good = Array.from({ length: 10 }, () => randomUUID());
    const [garbage, foreign, broken, huge] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const { properties } = crearOrden(foreign);
    await tell([
      ...good.slice(0, 5).map((id) => crearOrden(id)),
      { ...crearOrden(garbage), payload: Buffer.from('garbage') },
      { ...crearOrden(foreign), properties: { ...properties, ce_type: 'alpes.other.v1.Thing' } },
      crearOrden(broken, { quantity: -1n }),
      barelyPublishable(huge),
      ...good.slice(5).map((id) => crearOrden(id)),
    ]);
    await expect(published('orden-creada', ...good)).resolves.toHaveLength(10);
    await expect(service.prisma.order.count({ where: { id: { in: good } } })).resolves.toBe(10);
    const dead = await published('crear-orden-order-DLQ', garbage, foreign, broken, huge);
    expect(Object.fromEntries(dead.map((letter) => [letter.key, letter.properties['dlq_reason']]))).toEqual({
      ...{ [garbage]: 'undecodable', [foreign]: 'unknown-type', [broken]: 'rule-broken', [huge]: 'payload-too-large' },
    });
    await expect(published('orden-creada', garbage, foreign, broken, huge)).resolves.toEqual([]);
  });
});

describe('TransaccionProcesada', () => {
  it('moves the order on and announces its whole state at version 2, caused by the event of payment', async () => {
    const id = await anOrder();
    const request = aRequest();
    const result = transaccionProcesada(id, { cause: request, state: TransactionState.REJECTED });
    await tell([result]);
    const row = await service.prisma.order.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ status: 'REJECTED', version: 2, total: 2500n });
    const [event] = await published('orden-actualizada', id);
    if (event === undefined) throw new Error('no OrdenActualizada');
    const envelope = readEnvelope(event, '');
    expect(envelope).toMatchObject({
      ...{ type: OrdenActualizadaSchema.typeName, source: 'order', subject: id, aggregateVersion: 2 },
      ...{ causationId: result.properties['ce_id'], correlationId: request.correlationId },
    });
    expect(traceIdOf(envelope.traceparent)).toBe(traceIdOf(request.traceparent));
    const { createdAt, updatedAt, ...body } = decodeBody(OrdenActualizadaSchema, event.payload);
    expect(body).toMatchObject({
      ...{ orderId: id, clientId: 7n, address: 'Calle 1', currency: 'EUR', total: 2500n, version: 2n },
      ...{ status: OrderStatus.REJECTED, lines: [{ sku: 'A-1' }, { sku: 'B-2' }] },
    });
    expect([createdAt, updatedAt].map((time) => time && timestampDate(time))).toEqual([row.createdAt, row.updatedAt]);
  });

  it('has its effect once, however often it or the same result comes', async () => {
    const id = await anOrder();
    const result = transaccionProcesada(id);
    await tell([result, result, transaccionProcesada(id)]);
    await tell([result, transaccionProcesada(id)]);
    await expect(published('orden-actualizada', id)).resolves.toHaveLength(1);
    await expect(service.prisma.order.findUnique({ where: { id } })).resolves.toMatchObject({ version: 2 });
    await expect(published('transaccion-creada-order-DLQ', id)).resolves.toEqual([]);
  });

  it('that no order can follow dies with its reason, and those of its batch are applied', async () => {
    const ids = [await anOrder(), await anOrder(), await anOrder()] as const;
    const [unknown, [done, wrongAmount, contradicted]] = [randomUUID(), ids];
    await tell([transaccionProcesada(contradicted)]);
    await tell([
      transaccionProcesada(unknown),
      transaccionProcesada(wrongAmount, { amount: 1n }),
      transaccionProcesada(contradicted, { state: TransactionState.REJECTED }),
      transaccionProcesada('42'),
      transaccionProcesada(done),
    ]);
    const dead = await published('transaccion-creada-order-DLQ', unknown, '42', ...ids);
    expect(dead.map(({ key }) => key).toSorted()).toEqual([unknown, '42', wrongAmount, contradicted].toSorted());
    for (const { properties } of dead)
      expect(properties).toMatchObject({ dlq_reason: 'rule-broken', dlq_subscription: 'order' });
    const rows = await service.prisma.order.findMany({ where: { id: { in: [...ids] } } });
    expect(new Map(rows.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [done, 'APPROVED'],
        [wrongAmount, 'PENDING'],
        [contradicted, 'APPROVED'],
      ]),
    );
  });
});

describe('GET /orders/:id', () => {
  it('answers 200 with the order', async () => {
    const id = await anOrder();
    const response = await service.get(`/orders/${id}`);
    expect(response.status).toBe(200);
    const { createdAt, updatedAt, ...order } = (await response.json()) as Record<string, unknown>;
    expect(order).toEqual({
      ...{ id, clientId: 7, address: 'Calle 1', currency: 'EUR', status: 'PENDING', total: 2500, version: 1 },
      lines: [
        { sku: 'A-1', name: 'Lamp', quantity: 2, unitPrice: 1000 },
        { sku: 'B-2', name: 'Bulb', quantity: 1, unitPrice: 500 },
      ],
    });
    expect(createdAt).toBe(updatedAt);
    expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    { status: 400, code: 'invalid-input', id: '42', why: 'an id that is no UUID' },
    { status: 404, code: 'not-found', id: randomUUID(), why: 'an order that does not exist' },
  ])('answers $status to $why, with a problem document that names the field', async ({ status, code, id }) => {
    const response = await service.get(`/orders/${id}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code, errors: [{ path: 'params.id' }] });
  });

  it('refuses another method', async () => {
    const response = await service.post(`/orders/${randomUUID()}`, {});
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('the metrics', () => {
  const valueOf = async (line: RegExp): Promise<number> =>
    Number(line.exec(await (await service.get('/metrics')).text())?.[1] ?? Number.NaN);
  const finished = () => valueOf(/^alpes_order_duration_seconds_count\{status="APPROVED".*\} (.*)$/m);
  const late = () => valueOf(/^alpes_orders_late_total.* (.*)$/m);
  const oldest = () => valueOf(/^alpes_orders_oldest_open_age_seconds.* (.*)$/m);
  const overdue = () => valueOf(/^alpes_orders_overdue.* (.*)$/m);
  const accepted = (ago: number) => ({ ce_time: new Date(Date.now() - ago).toISOString() });

  it('tell how long orders took since they were accepted, and which were late, each once', async () => {
    const before = { finished: await finished(), late: await late() };
    const [quick, slow] = [randomUUID(), randomUUID()];
    const of = (id: string, ago: number) => {
      const command = crearOrden(id);
      return { ...command, properties: { ...command.properties, ...accepted(ago) } };
    };
    await tell([of(quick, 0), of(slow, 60_000)]);
    await tell([quick, slow].map((id) => transaccionProcesada(id)));
    await tell([quick, slow].map((id) => transaccionProcesada(id)));
    expect(await finished()).toBe(before.finished + 2);
    expect(await late()).toBe(before.late + 1);
  });

  it('tell how many orders are not final though they should be, and how old the oldest is', async () => {
    await service.prisma.order.deleteMany({ where: { status: 'PENDING' } });
    expect([await oldest(), await overdue()]).toEqual([0, 0]);
    const id = await anOrder();
    const createdAt = new Date(Date.now() - 3_600_000);
    await service.prisma.order.update({ where: { id }, data: { createdAt } });
    expect(Math.round((await oldest()) / 60)).toBe(60);
    expect(await overdue()).toBe(1);
    await tell([transaccionProcesada(id)]);
    expect([await oldest(), await overdue()]).toEqual([0, 0]);
  });
});
