import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { LIMITS } from '../domain/order.js';
import { goodOrder, withLine, without } from '../testing/orders.js';
import { startTestBff, type TestBff } from '../testing/test-bff.js';

let bff: TestBff;

beforeAll(async () => {
  bff = await startTestBff();
});
afterAll(() => bff.stop());

const ID = '0190c5b0-0000-7000-8000-000000000001';

const TYPE = 'application/problem+json; charset=utf-8';

/** What a problem document says, and which fields it names. */
async function problemOf(response: Response) {
  const problem = (await response.json()) as { status: number; errors: { path: string; message: string }[] };
  expect(problem).toMatchObject({ type: expect.stringMatching(/^urn:alpes:error:/), status: response.status });
  const paths = problem.errors.map(({ path }) => path);
  return { type: response.headers.get('content-type'), status: response.status, paths };
}

/** Writes bytes to the server and returns what it answers until it ends the connection. */
async function raw(text: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(bff.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

describe('POST /orders', () => {
  it('answers 202 with the id, the state and where the order is', async () => {
    const response = await bff.post(goodOrder);
    const body = (await response.json()) as { id: string };
    expect(response.status).toBe(202);
    expect(body).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 'PENDING' });
    expect(response.headers.get('location')).toBe(`/orders/${body.id}`);
  });

  it.each([
    ['broken JSON', '{"clientId": 1,', 'body'],
    ['no JSON at all', 'clientId=1', 'body'],
    ['null', 'null', 'body'],
    ['a missing field', without('address'), 'body.address'],
    ['an unknown field', { ...goodOrder, extra: true }, 'body.extra'],
    ['a wrong type', { ...goodOrder, clientId: '1' }, 'body.clientId'],
    ['a client id past the safe range', { ...goodOrder, clientId: 2 ** 53 }, 'body.clientId'],
    ['a negative quantity', withLine({ quantity: -3 }), 'body.lines.0.quantity'],
    ['an absurd quantity', withLine({ quantity: 1e300 }), 'body.lines.0.quantity'],
    ['a quantity over the limit', withLine({ quantity: LIMITS.quantity + 1 }), 'body.lines.0.quantity'],
    ['a total past the safe range', withLine({ quantity: 2, unitPrice: Number.MAX_SAFE_INTEGER }), 'body.lines'],
    ['an unknown currency', { ...goodOrder, currency: 'XXZ' }, 'body.currency'],
    ['a currency in lower case', { ...goodOrder, currency: 'eur' }, 'body.currency'],
  ])('refuses %s with 400 and names the field', async (_what, body, path) => {
    expect(await problemOf(await bff.post(body))).toEqual({ type: TYPE, status: 400, paths: [path] });
  });

  it('refuses an empty body and names what is missing', async () => {
    const response = await bff.post('');
    expect(response.status).toBe(400);
    const missing = ['clientId', 'address', 'currency', 'lines'];
    const errors = missing.map((field) => ({ path: `body.${field}`, message: 'is required' }));
    expect(await response.json()).toMatchObject({ errors });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'refuses the content type %s with 415',
    async (type) => {
      expect(await problemOf(await bff.post(goodOrder, { 'content-type': type }))).toEqual({
        type: TYPE,
        status: 415,
        paths: ['headers.content-type'],
      });
    },
  );

  it.each<[string, Record<string, string>, string]>([
    ['charset', { 'content-type': 'application/json; charset=iso-8859-1' }, 'headers.content-type'],
    ['charset of Unicode', { 'content-type': 'application/json; charset=utf-16' }, 'headers.content-type'],
    ['content encoding', { 'content-encoding': 'lzma' }, 'headers.content-encoding'],
  ])('refuses another %s with 415 and names the header', async (_what, headers, path) => {
    expect(await problemOf(await bff.post(goodOrder, headers))).toEqual({ type: TYPE, status: 415, paths: [path] });
  });

  it('refuses a body that is not UTF-8, which would be stored altered', async () => {
    const body = Buffer.from(JSON.stringify({ ...goodOrder, address: 'Málaga' }), 'latin1');
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${bff.url}/orders`, { method: 'POST', headers, body });
    expect(await problemOf(response)).toEqual({ type: TYPE, status: 400, paths: ['body'] });
  });

  it('refuses a body without a content type', async () => {
    const response = await fetch(`${bff.url}/orders`, { method: 'POST', body: Buffer.from(JSON.stringify(goodOrder)) });
    expect(await problemOf(response)).toEqual({ type: TYPE, status: 415, paths: ['headers.content-type'] });
  });

  it('refuses a request without a body', async () => {
    const answer = await raw('POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(answer).toContain('HTTP/1.1 400 Bad Request');
    expect(answer).toContain('"path":"body"');
  });

  it.each([300_000, 2_000_000])('refuses a body of %i bytes with 413, and answers it', async (length) => {
    expect(await problemOf(await bff.post({ ...goodOrder, address: 'x'.repeat(length) }))).toEqual({
      type: TYPE,
      status: 413,
      paths: ['body'],
    });
  });

  it('refuses a body that grows too large while it comes', async () => {
    const head = 'POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n';
    const chunk = `${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}\r\n`;
    const answer = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}0\r\n\r\n`);
    expect(answer).toContain('HTTP/1.1 413');
  });

  it('refuses a small body that is large once it is unpacked', async () => {
    const body = gzipSync(JSON.stringify({ ...goodOrder, address: 'x'.repeat(5_000_000) }));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await problemOf(await fetch(`${bff.url}/orders`, { method: 'POST', headers, body }))).toEqual({
      type: TYPE,
      status: 413,
      paths: ['body'],
    });
  });

  it.each(['gzip', 'deflate', 'br'])('refuses a body that is not compressed with %s, as it says', async (encoding) => {
    expect(await problemOf(await bff.post(goodOrder, { 'content-encoding': encoding }))).toEqual({
      type: TYPE,
      status: 400,
      paths: ['body'],
    });
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
  ])('refuses an Idempotency-Key that is %s', async (_what, key) => {
    expect(await problemOf(await bff.post(goodOrder, { 'idempotency-key': key }))).toEqual({
      type: TYPE,
      status: 400,
      paths: ['headers.idempotency-key'],
    });
  });

  it('survives a client that goes away in the middle of its body', async () => {
    const head =
      'POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{';
    const socket = connect(Number(new URL(bff.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(head);
    socket.destroy();
    expect((await bff.post(goodOrder)).status).toBe(202);
  });

  it('refuses what is no HTTP', async () => {
    expect(await raw('\u0000\u0001 nonsense\r\n\r\n')).toContain('HTTP/1.1 400 Bad Request');
    expect((await bff.post(goodOrder)).status).toBe(202);
  });
});

describe('the routes', () => {
  it.each([
    ['GET', '/orders', 'POST, OPTIONS'],
    ['DELETE', '/orders', 'POST, OPTIONS'],
    ['PUT', `/orders/${ID}`, 'GET, HEAD, OPTIONS'],
    ['POST', `/orders/${ID}/saga`, 'GET, HEAD, OPTIONS'],
    ['POST', '/report', 'GET, HEAD, OPTIONS'],
  ])('answer %s %s with 405 and what is allowed', async (method, path, allow) => {
    const response = await fetch(bff.url + path, { method });
    expect(response.headers.get('allow')).toBe(allow);
    expect(await problemOf(response)).toEqual({ type: TYPE, status: 405, paths: ['method'] });
  });

  it('tell what is allowed to who asks with OPTIONS', async () => {
    const response = await fetch(`${bff.url}/orders`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it.each(['/', '/order', `/orders/${ID}/lines`, '/reports'])('are no others: %s is 404', async (path) => {
    expect(await problemOf(await bff.get(path))).toEqual({ type: TYPE, status: 404, paths: ['url'] });
  });

  it.each(['/orders/%E0%A4%A', '/%', '/report?id=%C3', '/orders/%zz/saga'])(
    'refuse the malformed URL %s with 400',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      expect(answer).toContain('HTTP/1.1 400 Bad Request');
      expect(answer).toContain('"path":"url"');
    },
  );

  it.each([
    ['/orders/42', 'params.id'],
    ['/orders/0190c5b0-0000-7000-8000-00000000000g', 'params.id'],
    ["/orders/'; DROP TABLE orders; --", 'params.id'],
    ['/orders/42/saga', 'params.id'],
    ['/report', 'query.id'],
    ['/report?id=', 'query.id'],
    ['/report?id=42', 'query.id'],
    [`/report?id=${ID}&id=${ID}`, 'query.id'],
    [`/report?id[]=${ID}`, 'query.id', 'query.id[]'],
    [`/report?id=${ID}&format=csv&format=json`, 'query.format'],
    [`/report?id=${ID}&fromat=json`, 'query.fromat'],
  ])('refuse GET %s with 400 and name %s', async (path, ...wrong) => {
    const { status, paths } = await problemOf(await bff.get(path));
    expect(status).toBe(400);
    expect(paths).toEqual(wrong);
  });

  it('have their description beside them', async () => {
    expect(await (await bff.get('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0', paths: { '/orders': {} } });
  });

  it('have health and metrics beside them', async () => {
    const ready = await bff.get('/health/ready');
    expect(await ready.json()).toEqual({ status: 'ready', checks: { broker: 'ok', database: 'ok' } });
    await bff.get('/report');
    expect(await (await bff.get('/metrics')).text()).toContain('route="/report",status="400"');
  });
});
