import { OrderStatus } from '@alpes/contracts';
import { traceIdOf, type TransportMessage } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  asCause,
  crearLog,
  crearOrden,
  ordenActualizada,
  ordenCreada,
  transaccionProcesada,
} from './testing/messages.js';
import { type SagaLogService, startSagaLogService } from './testing/saga-log-service.js';

let service: SagaLogService;

beforeAll(async () => {
  service = await startSagaLogService({ afterMs: 30_000, windowMs: 3_600_000 });
  // From now on the service takes what comes together in one transaction: see createTestBed.
  const ids = Array.from({ length: 20 }, () => randomUUID());
  for (const compose of [crearOrden, ordenCreada, transaccionProcesada, ordenActualizada, crearLog])
    await tell(...ids.map((id) => compose(id)));
}, 30_000);
afterAll(() => service.stop());

/** Publishes messages, those of one topic as one batch, and waits until they are handled. */
async function tell(...messages: readonly TransportMessage[]): Promise<void> {
  await service.publish(messages);
  await service.settled();
}

async function saga(id: string): Promise<unknown> {
  return (await service.get(`/orders/${id}/saga`)).json();
}

function at(second: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 10, 0, second));
}

/** All messages of an order, each caused by the one before; the clock of payment is slow. */
function anOrder() {
  const request = aRequest();
  const id = randomUUID();
  const command = crearOrden(id, { cause: request, time: at(10) });
  const created = ordenCreada(id, { cause: asCause(command), time: at(11) });
  const attempt = crearLog(id, { cause: asCause(created), time: at(2) });
  const processed = transaccionProcesada(id, { cause: asCause(created), time: at(3), reason: 'card expired' });
  const updated = ordenActualizada(id, { cause: asCause(processed), time: at(13), status: OrderStatus.REJECTED });
  return { request, id, messages: { command, created, attempt, processed, updated } };
}

describe('the timeline of an order', () => {
  it('has a step per message, each after its cause and naming it, all in the trace of the request', async () => {
    const { request, id, messages } = anOrder();
    const { command, created, attempt, processed, updated } = messages;
    await tell(updated, processed, attempt, created, command);
    const idOf = ({ properties }: TransportMessage) => properties['ce_id'];
    const [bff, order, payment] = ['bff', 'order', 'payment'].map((name) => ({ service: name }));
    await expect(saga(id)).resolves.toEqual({
      orderId: id,
      traceId: traceIdOf(request.traceparent),
      steps: [
        {
          ...bff,
          at: at(10).toISOString(),
          message: 'CrearOrden',
          state: 'PENDING',
          messageId: id,
          causationId: request.id,
        },
        {
          ...{ ...order, at: at(11).toISOString(), message: 'OrdenCreada', state: 'PENDING' },
          ...{ messageId: idOf(created), causationId: id },
        },
        {
          ...{ ...payment, at: at(2).toISOString(), message: 'CrearLog', state: 'FAILED' },
          ...{ messageId: idOf(attempt), causationId: idOf(created), detail: 'payment attempt: the gateway is down' },
        },
        {
          ...{ ...payment, at: at(3).toISOString(), message: 'TransaccionProcesada', state: 'REJECTED' },
          ...{ messageId: idOf(processed), causationId: idOf(created), detail: 'card expired' },
        },
        {
          ...{ ...order, at: at(13).toISOString(), message: 'OrdenActualizada', state: 'REJECTED' },
          ...{ messageId: idOf(updated), causationId: idOf(processed) },
        },
      ],
    });
    const rows = await service.prisma.step.findMany({ where: { orderId: id }, orderBy: { orderVersion: 'asc' } });
    expect(new Set(rows.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(request.traceparent)]));
    expect(new Set(rows.map(({ correlationId }) => correlationId))).toEqual(new Set([request.id]));
    expect(rows.map(({ orderVersion }) => orderVersion)).toEqual([1, 2, null, null, null]);
  });

  it('is the same in whatever order messages come, and however often', async () => {
    const { id, messages } = anOrder();
    const all = Object.values(messages);
    await tell(...all.toReversed());
    const before = await saga(id);
    await tell(...all, ...all);
    await expect(saga(id)).resolves.toEqual(before);
  });

  it('grows in one transaction by what comes together', async () => {
    const id = randomUUID();
    await tell(...Array.from({ length: 5 }, () => crearLog(id)));
    const transactions = await service.prisma.$queryRaw<unknown[]>`
      SELECT xmin::text, count(*)::int AS steps FROM steps WHERE order_id = ${id}::uuid GROUP BY 1`;
    expect(transactions).toMatchObject([{ steps: 5 }]);
  });

  it('is not held up by messages that are no steps: they die with their reason', async () => {
    const [good, garbage, foreign, unknown] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const { properties } = crearOrden(foreign);
    await tell(
      { ...crearOrden(garbage), payload: Buffer.from('garbage') },
      { ...crearOrden(foreign), properties: { ...properties, ce_type: 'alpes.other.v1.Thing' } },
      crearOrden(good),
      ordenActualizada(unknown, { status: OrderStatus.UNSPECIFIED }),
      ordenActualizada(good),
      crearLog('42'),
      crearLog(good, { state: '' }),
      crearLog(good),
    );
    await expect(deaths('crear-orden')).resolves.toEqual({ [garbage]: 'undecodable', [foreign]: 'unknown-type' });
    await expect(deaths('orden-actualizada')).resolves.toEqual({ [unknown]: 'rule-broken' });
    await expect(deaths('crear-log')).resolves.toEqual({ 42: 'rule-broken', [good]: 'rule-broken' });
    await expect(saga(good)).resolves.toMatchObject({ steps: { length: 3 } });
  });
});

/** The reasons of what died on a topic, by key. */
async function deaths(topic: string): Promise<Record<string, string | undefined>> {
  const letters = await service.browse(`${topic}-saga-log-DLQ`);
  return Object.fromEntries(letters.map(({ key, properties }) => [key, properties['dlq_reason']]));
}

describe('GET /orders/:id/saga', () => {
  it('tells no more than the first thousand steps, and that there are more', async () => {
    const id = randomUUID();
    const attempts = Array.from({ length: 1_100 }, (_, second) => crearLog(id, { time: at(1 + second) }));
    await tell(crearOrden(id, { time: at(0) }), ...attempts.slice(0, 999));
    expect(await saga(id)).toMatchObject({ steps: { length: 1_000 } });
    expect(await saga(id)).not.toHaveProperty('truncated');
    await tell(...attempts.slice(999));
    expect(await saga(id)).toMatchObject({ steps: { length: 1_000, 0: { message: 'CrearOrden' } }, truncated: true });
  });

  it.each([
    { status: 400, code: 'invalid-input', id: '42', why: 'an id that is no UUID' },
    { status: 404, code: 'not-found', id: randomUUID(), why: 'an order without a step' },
  ])('answers $status to $why, with a problem document that names the field', async ({ status, code, id }) => {
    const response = await service.get(`/orders/${id}/saga`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code, errors: [{ path: 'params.id' }] });
  });

  it('refuses another method', async () => {
    const response = await service.post(`/orders/${randomUUID()}/saga`, {});
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});
