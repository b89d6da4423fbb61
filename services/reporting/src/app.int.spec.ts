import { OrderStatus, TransactionState } from '@alpes/contracts';
import type { TransportMessage } from '@alpes/messaging';
import { create } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { OrderReport } from './gen/prisma/client.js';
import {
  CREATED_AT,
  ordenActualizada,
  ordenCreada,
  TRANSACTION_ID,
  transaccionProcesada,
  UPDATED_AT,
} from './testing/messages.js';
import { readers } from './testing/readers.js';
import { type ReportingService, startReportingService } from './testing/reporting-service.js';

let service: ReportingService;

beforeAll(async () => {
  service = await startReportingService();
  // From now on the service takes what comes together in one transaction: see createTestBed.
  const ids = Array.from({ length: 20 }, () => randomUUID());
  await tell(...ids.map((id) => ordenCreada(id)));
  await tell(...ids.map((id) => ordenActualizada(id)));
  await tell(...ids.map((id) => transaccionProcesada(id)));
}, 30_000);
afterAll(() => service.stop());

/** Publishes messages, those of one topic as one batch, and waits until they are handled. */
async function tell(...messages: readonly TransportMessage[]): Promise<void> {
  await service.publish(messages);
  await service.settled();
}

function row(id: string): Promise<OrderReport | null> {
  return service.prisma.orderReport.findUnique({ where: { id } });
}

/** The transactions that wrote these rows last, and how many of them each. */
function writes(...ids: string[]): Promise<unknown[]> {
  return service.prisma.$queryRaw`
    SELECT xmin::text, count(*)::int AS rows FROM order_reports WHERE id = ANY (${ids}::uuid[]) GROUP BY 1`;
}

const orderAt2 = {
  ...{ clientId: 7n, address: 'Calle 1', currency: 'EUR', status: 'APPROVED', total: 2500n, orderVersion: 2 },
  lines: [{ sku: 'A-1', name: 'Lamp', quantity: 2, unitPrice: 1250 }],
  ...{ createdAt: CREATED_AT, updatedAt: UPDATED_AT },
};
const transaction = {
  ...{ transactionId: TRANSACTION_ID, transactionState: 'APPROVED', transactionAmount: 2500n },
  ...{ transactionCurrency: 'EUR', transactionVersion: 2, processedAt: UPDATED_AT },
};

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

describe('the report of an order', () => {
  const messages = { ordenCreada, ordenActualizada, transaccionProcesada };
  const orders = permutations(Object.entries(messages)).map((entries) => ({
    names: entries.map(([name]) => name).join(', '),
    composers: entries.map(([, compose]) => compose),
  }));

  it.each(orders)('is the same when messages come as $names', async ({ composers }) => {
    const id = randomUUID();
    for (const compose of composers) await tell(compose(id));
    await expect(row(id)).resolves.toEqual({ id, ...orderAt2, ...transaction });
  });

  it('does not change when messages come again', async () => {
    const id = randomUUID();
    const all = [ordenCreada(id), ordenActualizada(id), transaccionProcesada(id)];
    await tell(...all, ...all);
    await tell(...all.toReversed());
    await expect(row(id)).resolves.toEqual({ id, ...orderAt2, ...transaction });
  });

  it('does not go back when an old version comes after a new one, and takes over what is said last of a version', async () => {
    const id = randomUUID();
    await tell(ordenActualizada(id, { version: 3n, address: 'third' }));
    await tell(ordenActualizada(id, { version: 2n, address: 'second' }), ordenCreada(id, { address: 'first' }));
    await tell(ordenActualizada(id, { version: 3n, address: 'another third' }));
    await tell(transaccionProcesada(id, { version: 2n, state: TransactionState.REJECTED }));
    await tell(transaccionProcesada(id, { version: 2n }));
    await tell(transaccionProcesada(id, { version: 1n, state: TransactionState.REJECTED }));
    await expect(row(id)).resolves.toMatchObject({
      ...{ address: 'another third', orderVersion: 3, transactionVersion: 2, transactionState: 'APPROVED' },
    });
  });

  it('shows the newest of several versions in one batch, which is written in one transaction', async () => {
    const [id, other] = [randomUUID(), randomUUID()];
    await tell(
      ordenActualizada(id, { version: 2n, address: 'second' }),
      ordenActualizada(other),
      ordenActualizada(id, { version: 4n, address: 'fourth', status: OrderStatus.REJECTED }),
      ordenActualizada(id, { version: 3n, address: 'third' }),
    );
    await expect(row(id)).resolves.toMatchObject({ address: 'fourth', orderVersion: 4, status: 'REJECTED' });
    await expect(writes(id, other)).resolves.toMatchObject([{ rows: 2 }]);
    await tell(
      transaccionProcesada(id, { version: 2n }),
      transaccionProcesada(other),
      transaccionProcesada(id, { version: 1n, state: TransactionState.REJECTED }),
    );
    await expect(row(id)).resolves.toMatchObject({ transactionVersion: 2, transactionState: 'APPROVED' });
    await expect(writes(id, other)).resolves.toMatchObject([{ rows: 2 }]);
  });

  it('is not held up by messages that can not be reported: they die with their reason', async () => {
    const [good, early, late, ...bad] = Array.from({ length: 9 }, () => randomUUID());
    const [garbage = '', foreign = '', stateless = '', timeless = '', versionless = '', tomorrows = ''] = bad;
    if (good === undefined || early === undefined || late === undefined) throw new Error('too few ids');
    const { properties } = ordenCreada(foreign);
    await tell(
      ordenCreada(early),
      { ...ordenCreada(garbage), payload: Buffer.from('garbage') },
      { ...ordenCreada(foreign), properties: { ...properties, ce_type: 'alpes.other.v1.Thing' } },
      ordenCreada(timeless, { createdAt: create(TimestampSchema, { seconds: 2n ** 60n }) }),
      ordenActualizada(stateless, { status: OrderStatus.UNSPECIFIED }),
      ordenActualizada(tomorrows, { status: 99 as OrderStatus }),
      ordenActualizada('42'),
      ordenActualizada(good),
      transaccionProcesada(versionless, { version: 0n }),
      transaccionProcesada(good),
      ordenCreada(late),
    );
    await expect(row(good)).resolves.toEqual({ id: good, ...orderAt2, ...transaction });
    await expect(service.prisma.orderReport.count({ where: { id: { in: [early, late] } } })).resolves.toBe(2);
    await expect(service.prisma.orderReport.count({ where: { id: { in: bad } } })).resolves.toBe(0);
    await expect(deaths('orden-creada')).resolves.toEqual({
      ...{ [garbage]: 'undecodable', [foreign]: 'unknown-type', [timeless]: 'rule-broken' },
    });
    await expect(deaths('orden-actualizada')).resolves.toEqual({
      ...{ [stateless]: 'rule-broken', [tomorrows]: 'rule-broken', 42: 'rule-broken' },
    });
    await expect(deaths('transaccion-creada')).resolves.toEqual({ [versionless]: 'rule-broken' });
  });
});

/** The reasons of what died on a topic, by key. */
async function deaths(topic: string): Promise<Record<string, string | undefined>> {
  const letters = await service.browse(`${topic}-reporting-DLQ`);
  return Object.fromEntries(letters.map(({ key, properties }) => [key, properties['dlq_reason']]));
}

describe('GET /reports/:id', () => {
  const address = 'Calle "Larga" 1, piso 2\n08001 Barcelona 🏔️';

  async function aReport(): Promise<string> {
    const id = randomUUID();
    await tell(ordenCreada(id, { address }), transaccionProcesada(id));
    return id;
  }

  it('answers with a CSV of one row, as a file, when no format is named', async () => {
    const id = await aReport();
    const response = await service.get(`/reports/${id}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=order-${id}.csv`);
    const rows = readers.csv(Buffer.from(await response.arrayBuffer()));
    expect(rows).toMatchObject([
      { id, address, total: 2500, transactionAmount: 2500, createdAt: CREATED_AT.toISOString() },
    ]);
  });

  it('answers with the order as JSON', async () => {
    const id = await aReport();
    const response = await service.get(`/reports/${id.toUpperCase()}?format=json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=order-${id}.json`);
    expect(await response.json()).toEqual({
      ...{ id, clientId: 7, address, currency: 'EUR', status: 'PENDING', total: 2500, orderVersion: 1 },
      lines: [{ sku: 'A-1', name: 'Lamp', quantity: 2, unitPrice: 1250 }],
      ...{ createdAt: CREATED_AT.toISOString(), updatedAt: CREATED_AT.toISOString() },
      ...{ transactionId: TRANSACTION_ID, transactionState: 'APPROVED', transactionAmount: 2500 },
      ...{ transactionCurrency: 'EUR', transactionVersion: 2, processedAt: UPDATED_AT.toISOString() },
    });
  });

  it('answers 404 as long as only the transaction of an order is known', async () => {
    const id = randomUUID();
    await tell(transaccionProcesada(id));
    expect((await service.get(`/reports/${id}`)).status).toBe(404);
    await tell(ordenCreada(id));
    expect((await service.get(`/reports/${id}`)).status).toBe(200);
  });

  const none = randomUUID();
  it.each([
    { path: '/reports/42', status: 400, code: 'invalid-input', at: 'params.id' },
    { path: `/reports/${none}`, status: 404, code: 'not-found', at: 'params.id' },
    { path: `/reports/${none}?format=docx`, status: 400, code: 'unsupported-format', at: 'query.format' },
    { path: `/reports/${none}?format=csv&format=json`, status: 400, code: 'invalid-input', at: 'query.format' },
  ])('answers $status $code to $path, with a problem document that names the field', async ({ path, ...expected }) => {
    const response = await service.get(path);
    const { status, code, at } = expected;
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(response.headers.get('content-disposition')).toBeNull();
    expect(await response.json()).toMatchObject({ status, code, errors: [{ path: at }] });
  });

  it('names the formats that there are when it does not know one', async () => {
    const problem: unknown = await (await service.get(`/reports/${none}?format=docx`)).json();
    expect(problem).toMatchObject({ errors: [{ path: 'query.format', message: 'must be one of: csv, json' }] });
  });

  it('refuses another method', async () => {
    const response = await service.post(`/reports/${none}`, {});
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});
