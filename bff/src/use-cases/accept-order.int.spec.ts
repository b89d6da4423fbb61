import { CrearOrdenSchema } from '@alpes/contracts';
import { decodeBody, type ReceivedMessage, readEnvelope } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { goodOrder } from '../testing/orders.js';
import { holdLocks } from '../testing/hold-locks.js';
import { startTestBff, type TestBff } from '../testing/test-bff.js';

let bff: TestBff;

beforeEach(async () => {
  bff = await startTestBff({ PUBLISH_TIMEOUT_MS: '700' });
});
afterEach(() => bff.stop());

const published = (): Promise<readonly ReceivedMessage[]> => bff.broker.browse('crear-orden', { limit: 1_000 });
const idOf = async (response: Response): Promise<string> => ((await response.json()) as { id: string }).id;

async function expectUnavailable(response: Response) {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('repeat') });
}

describe('an accepted order', () => {
  it('is a command CrearOrden whose message id and key are its id', async () => {
    const id = await idOf(await bff.post(goodOrder));
    const [message] = await published();
    if (message === undefined) throw new Error('nothing was published');
    expect(message.key).toBe(id);
    expect(readEnvelope(message, '')).toMatchObject({
      id,
      source: 'bff',
      subject: id,
      type: 'alpes.order.v1.CrearOrden',
    });
    const { $typeName: _name, lines, ...body } = decodeBody(CrearOrdenSchema, message.payload);
    const { lines: wanted, ...rest } = goodOrder;
    expect(body).toEqual({ ...rest, orderId: id, clientId: BigInt(rest.clientId) });
    expect(lines.map(({ quantity, unitPrice, sku, name }) => [sku, name, Number(quantity), Number(unitPrice)])).toEqual(
      wanted.map(({ quantity, unitPrice, sku, name }) => [sku, name, quantity, unitPrice]),
    );
  });

  it('goes on in the trace of its request, caused by it', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const response = await bff.post(goodOrder, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    const [message] = await published();
    const envelope = message && readEnvelope(message, '');
    expect(envelope?.traceparent).toContain(traceId);
    expect(envelope?.causationId).toBe(response.headers.get('x-request-id'));
    expect(response.headers.get('trace-id')).toBe(traceId);
  });

  it('is answered only after the broker has confirmed it', async () => {
    const locks = await holdLocks(bff.brokerDatabase.url, 'log.partition');
    let answered = false;
    const response = bff.post(goodOrder).finally(() => (answered = true));
    await eventually(() => locks.someoneWaits(), { what: 'the append waits for the partition' });
    expect(answered).toBe(false);
    await locks.release();
    expect((await response).status).toBe(202);
    expect(await published()).toHaveLength(1);
  });
});

describe('an order that could be lost', () => {
  it('is 503 while the broker takes too long, and goes through when it is repeated with its key', async () => {
    await bff.post(goodOrder);
    const locks = await holdLocks(bff.brokerDatabase.url, 'log.partition');
    const headers = { 'idempotency-key': 'again' };
    await expectUnavailable(await bff.post(goodOrder, headers));
    await locks.release();
    const repeated = await bff.post(goodOrder, headers);
    expect(repeated.status).toBe(202);
    const ids = (await published()).map(({ key }) => key);
    expect(ids).toContain(await idOf(repeated));
    expect(new Set(ids).size).toBe(2);
  });

  it('is 503 while the broker is away', async () => {
    await bff.brokerDatabase.drop();
    await expectUnavailable(await bff.post(goodOrder));
    await expectUnavailable(await bff.post(goodOrder, { 'idempotency-key': 'a' }));
    expect((await bff.get('/health/live')).status).toBe(200);
    expect((await bff.get('/health/ready')).status).toBe(503);
  });

  it('is 503 with a key while the keys can not be recorded; without a key no database is needed', async () => {
    await bff.post(goodOrder, { 'idempotency-key': 'a' });
    await bff.database.drop();
    await expectUnavailable(await bff.post(goodOrder, { 'idempotency-key': 'a' }));
    expect((await bff.post(goodOrder)).status).toBe(202);
  });

  it('is 503 with a key while the database takes too long', async () => {
    const locks = await holdLocks(bff.database.url, 'idempotency_keys');
    await expectUnavailable(await bff.post(goodOrder, { 'idempotency-key': 'a' }));
    expect((await bff.post(goodOrder)).status).toBe(202);
    await locks.release();
    expect((await bff.post(goodOrder, { 'idempotency-key': 'a' })).status).toBe(202);
  });
});

describe('an Idempotency-Key', () => {
  it('makes one order of a hundred requests at once', async () => {
    const headers = { 'idempotency-key': 'one and only' };
    const responses = await Promise.all(Array.from({ length: 100 }, () => bff.post(goodOrder, headers)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(await Promise.all(responses.map(idOf)));
    expect(ids.size).toBe(1);
    const messages = (await published()).map((message) => readEnvelope(message, '').id);
    expect(new Set(messages)).toEqual(ids);
  });

  it('stands for the order, however its JSON is written', async () => {
    const headers = { 'idempotency-key': 'a' };
    const first = await idOf(await bff.post(goodOrder, headers));
    const reversed = Object.fromEntries(Object.entries(goodOrder).toReversed());
    const other = await bff.post(JSON.stringify(reversed, undefined, 4).replace('Café', 'Caf\\u00e9'), headers);
    expect(await idOf(other)).toBe(first);
  });

  it('is refused for another order with 422', async () => {
    const headers = { 'idempotency-key': 'a' };
    await bff.post(goodOrder, headers);
    const response = await bff.post({ ...goodOrder, address: 'elsewhere' }, headers);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'idempotency-key-reused',
      errors: [{ path: 'headers.idempotency-key' }],
    });
    expect(await published()).toHaveLength(1);
  });

  it('belongs to its client', async () => {
    const headers = { 'idempotency-key': 'a' };
    const first = await idOf(await bff.post(goodOrder, headers));
    expect(await idOf(await bff.post({ ...goodOrder, clientId: 43 }, headers))).not.toBe(first);
  });

  it.each([
    ['a UUID', '0190c5b0-0000-4000-8000-000000000001'],
    ['the longest', 'k'.repeat(255)],
    ['with quotes and spaces', `"it's" a; key -- \\`],
    ['in ISO 8859-1', 'clé'],
    ['in UTF-8', Buffer.from('キー🔑'.repeat(60)).toString('latin1')],
  ])('may be any text: %s', async (_what, key) => {
    const first = await bff.post(goodOrder, { 'idempotency-key': key });
    expect(first.status).toBe(202);
    expect(await idOf(await bff.post(goodOrder, { 'idempotency-key': key }))).toBe(await idOf(first));
  });
});
