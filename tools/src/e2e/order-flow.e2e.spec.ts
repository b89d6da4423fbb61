import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@alpes/messaging/testing';
import { parse } from 'csv-parse/sync';
import { randomUUID } from 'node:crypto';
import { acceptedId, anOrder, isFinal, postOrder, statusOf } from './orders.js';
import { runCommand, startSystem, type System } from '../start/whole-system.js';
import { expectCode, tell } from './told.js';

// Commands are run, and a broker may be slow on a busy machine.
jest.setTimeout(60_000);

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 180_000);
afterAll(() => system.dispose(), 60_000);

const PATIENCE = { timeoutMs: 30_000 };
const EVENTS = ['CrearOrden', 'OrdenCreada', 'TransaccionProcesada', 'OrdenActualizada'];
const ADDRESS = 'Rúa "Nova" 5, 2º\nVigo ☕️';

/** What every service tells of its messaging and its HTTP. */
const METRICS = [
  ...[
    'alpes_outbox_pending',
    'alpes_outbox_oldest_age_seconds',
    'alpes_outbox_relayed_total',
    'alpes_consumer_lag_messages',
    'alpes_consumer_waiting_messages',
  ],
  ...['alpes_messages_handled_total', 'alpes_messages_failed_total', 'alpes_messages_dead_lettered_total'],
  ...['messaging_process_duration_seconds', 'http_server_request_duration_seconds'],
];

interface Saga {
  orderId: string;
  traceId: string;
  steps: { at: string; service: string; message: string; state: string; messageId: string; causationId: string }[];
}

async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(`${system.url}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** Once all is in it. What came about last need not arrive last: each message has a topic of its own. */
function timelineOf(id: string): Promise<Saga> {
  return eventually(async () => {
    const saga = await getJson<Saga>(`/orders/${id}/saga`);
    return EVENTS.every((event) => saga.steps.some(({ message }) => message === event)) ? saga : undefined;
  }, PATIENCE);
}

describe('an order', () => {
  it('is accepted with its id and place, and is final soon', async () => {
    const response = await postOrder(system.url, anOrder());
    expect(response.status).toBe(202);
    const { id, status } = (await response.clone().json()) as { id: string; status: string };
    expect(status).toBe('PENDING');
    expect(response.headers.get('location')).toBe(`/orders/${id}`);
    const acceptedAt = performance.now();
    await eventually(() => isFinal(system.url, id), PATIENCE);
    tell(`an order is final ${Math.round(performance.now() - acceptedAt)} ms after it was accepted`);
    const order = await getJson<object>(`/orders/${id}`);
    expect(order).toMatchObject({ id, ...anOrder(), total: 2 * 1299 + 999, version: 2 });
    expect(Object.keys(order).toSorted()).toEqual([
      'address',
      'clientId',
      'createdAt',
      'currency',
      'id',
      'lines',
      'status',
      'total',
      'updatedAt',
      'version',
    ]);
  });

  it('can be read at once after it was accepted', async () => {
    const id = await acceptedId(await postOrder(system.url));
    expect(await statusOf(system.url, id)).toBeDefined();
  });

  it('is reported as CSV and JSON, whatever its address contains', async () => {
    const id = await acceptedId(await postOrder(system.url, anOrder({ address: ADDRESS })));
    await eventually(() => isFinal(system.url, id), PATIENCE);
    const report = await eventually(async () => {
      const json = await getJson<{ status: string; address: string; total: number }>(`/report?id=${id}&format=json`);
      return json.status === 'PENDING' ? undefined : json;
    }, PATIENCE);
    expect(report).toMatchObject({ address: ADDRESS, total: 3597 });
    const csv = await fetch(`${system.url}/report?id=${id}`);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const [row] = parse(await csv.text(), { columns: true }) as Record<string, string>[];
    expect(row).toMatchObject({ id, address: ADDRESS, status: report.status, total: '3597', currency: 'EUR' });
  });

  it('has a timeline in which each step names its cause, all in the trace of the request', async () => {
    const traceId = randomUUID().replaceAll('-', '');
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const id = await acceptedId(await postOrder(system.url, anOrder(), headers));
    const saga = await timelineOf(id);
    expect(saga).toMatchObject({ orderId: id, traceId });
    expect(saga.steps[0]?.message).toBe('CrearOrden');
    const [request, ...causes] = saga.steps.map(({ causationId }) => causationId);
    expect(request).toMatch(/^[0-9a-f-]{36}$/);
    const before = (index: number) => saga.steps.slice(0, index + 1).map(({ messageId }) => messageId);
    for (const [index, cause] of causes.entries()) expect(before(index)).toContain(cause);
  });

  it('is one order, however often it is sent under the same key, and another body is refused', async () => {
    const headers = { 'idempotency-key': `key ${randomUUID()}` };
    const order = anOrder({ clientId: 7_000_001 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => postOrder(system.url, order, headers)));
    const ids = new Set(await Promise.all(answers.map(acceptedId)));
    expect(ids.size).toBe(1);
    const other = await postOrder(system.url, anOrder({ clientId: 7_000_001, currency: 'USD' }), headers);
    expect(other.status).toBe(422);
    const [id = ''] = ids;
    const saga = await timelineOf(id);
    expect(saga.steps.filter(({ message }) => message === 'OrdenCreada')).toHaveLength(1);
  });

  it.each(['order', 'payment', 'reporting', 'saga-log'])('is seen in the metrics of %s', async (name) => {
    const port = system.state().processes.find((one) => one.name === name)?.port;
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const metric of METRICS) expect(metrics).toContain(`# TYPE ${metric} `);
    expect(metrics).toMatch(/alpes_messages_handled_total\{.*\} [1-9]/);
    expect(metrics).toMatch(/alpes_consumer_lag_messages\{topic=".*\} \d/);
  });

  it('leaves a system in which nothing is wrong', async () => {
    expectCode(0, await runCommand(system, 'reconcile', ['--json']));
  });
});
