import { eventually, gate } from '@alpes/messaging/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Request, Response as Answer } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createLogger } from '../logging.js';
import { createRegistry } from '../telemetry.js';
import { connectRaw, type RawClient } from '../testing/raw-client.js';
import { jsonBody } from './json-body.js';
import { createHttpServer, type HttpOptions } from './server.js';

let door = gate();
let begun = 0;
let streamed = 0;
let port = 0;
let close = async (): Promise<void> => {};

async function start(settings: HttpOptions['settings'] = {}): Promise<void> {
  [door, begun, streamed] = [gate(), 0, 0];
  const server = createHttpServer({
    ...{ logger: createLogger('test', 'silent'), registry: createRegistry('test'), checks: {}, settings },
    routes: (router) => {
      router.get('/read', (_req, res) => res.json('read'));
      router.post('/orders', jsonBody(1_000), async (req: Request, res: Answer) => {
        begun += 1;
        await door.passed;
        res.status(202).json(req.body);
      });
      router.get('/endless', async (_req, res) => {
        await pipeline(Readable.from(endless()), res).catch(() => {});
      });
    },
  });
  port = await server.listen('127.0.0.1', 0);
  close = () => server.close();
}

async function* endless(): AsyncGenerator<Buffer> {
  for (const chunk = Buffer.alloc(64 * 1024); ; streamed += chunk.byteLength) yield chunk;
}

afterEach(async () => {
  door.open();
  await close();
});

const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
const headers = { 'content-type': 'application/json' };
const post = (body = '1'): Promise<Response> => fetch(url('/orders'), { method: 'POST', headers, body });
const postText = (more = 'Content-Length: 1\r\n\r\n1'): string =>
  `POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${more}`;
const metric = async (name: string, labels = ''): Promise<number> => {
  const text = await (await fetch(url('/metrics'))).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name}{${labels}`));
  return Number(line?.split(' ').at(-1));
};
const underWay = (lane: string): Promise<number> => metric('http_server_active_requests', `lane="${lane}"`);
const shed = (): Promise<number> => metric('alpes_http_requests_shed_total', 'lane="write",limit="requests"');

/** Of an answer that was made byte by byte. */
function readProblem(answer: string): { status: number; code: string; headers: string } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const { status, code } = JSON.parse(body) as { status: number; code: string };
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
  expect(head).toContain('application/problem+json');
  return { status, code, headers: head.toLowerCase() };
}

async function expectOverloaded(response: Response): Promise<void> {
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await response.json()).toMatchObject({ code: 'overloaded', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
}

describe('requests beyond the limit', () => {
  it('are answered 503 at once, while probes and reads are answered, and are taken again afterwards', async () => {
    await start({ MAX_IN_FLIGHT: 2 });
    const taken = [post(), post()];
    await eventually(() => begun === 2);
    await expectOverloaded(await post());
    expect((await fetch(url('/read'))).status).toBe(200);
    expect((await fetch(url('/health/live'))).status).toBe(200);
    expect((await fetch(url('/health/ready'))).status).toBe(200);
    expect(await underWay('write')).toBe(2);
    expect(await shed()).toBe(1);
    door.open();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await post()).status).toBe(202);
    expect(await underWay('write')).toBe(0);
  });

  it('are answered before their bodies have come', async () => {
    await start({ MAX_IN_FLIGHT: 1 });
    const taken = post();
    await eventually(() => begun === 1);
    const client = await connectRaw(port);
    client.write(postText('Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n'));
    const answer = await client.until('"code":"overloaded"');
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    client.socket.destroy();
    door.open();
    await taken;
    const patient = await connectRaw(port);
    patient.write(postText('Content-Length: 1\r\nExpect: 100-continue\r\n\r\n'));
    expect(await patient.until('100 Continue')).toMatch(/^HTTP\/1\.1 100 /);
    patient.write('1');
    await patient.until('HTTP/1.1 202');
    patient.socket.destroy();
  });

  it('are so too by the bytes of the bodies that they announce', async () => {
    await start({ MAX_IN_FLIGHT_BYTES: 1_000 });
    const body = JSON.stringify('x'.repeat(598));
    const taken = post(body);
    await eventually(() => begun === 1);
    await expectOverloaded(await post(body));
    // Of a length that is not told the largest is assumed.
    const client = await connectRaw(port);
    client.write(postText('Transfer-Encoding: chunked\r\n\r\n'));
    expect(await client.until('"code":"overloaded"')).toContain('HTTP/1.1 503');
    client.socket.destroy();
    const small = post();
    await eventually(() => begun === 2);
    door.open();
    expect([(await taken).status, (await small).status]).toEqual([202, 202]);
  });

  it('get no room by the hanging up of others, whose requests are still worked on', async () => {
    await start({ MAX_IN_FLIGHT: 3 });
    const client = await connectRaw(port);
    client.write(postText().repeat(3));
    await eventually(() => begun === 3);
    client.socket.destroy();
    await eventually(async () => (await metric('alpes_http_connections')) === 1);
    await expectOverloaded(await post());
    door.open();
    await eventually(async () => (await underWay('write')) === 0);
    expect((await post()).status).toBe(202);
  });

  it('of one connection wait unread, and are all answered in their order', async () => {
    await start({ MAX_IN_FLIGHT: 10 });
    const client = await connectRaw(port);
    const most = 5_000;
    client.write(postText().repeat(most));
    await eventually(() => begun === 10);
    await eventually(async () => (await shed()) > 10);
    door.open();
    await eventually(() => statuses(client).length === most, { timeoutMs: 30_000 });
    expect(statuses(client).slice(0, 10)).toEqual(Array.from({ length: 10 }, () => '202'));
    expect(new Set(statuses(client))).toEqual(new Set(['202', '503']));
    client.socket.destroy();
  });
});

const statuses = (client: RawClient): string[] => client.text().match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];

describe('a client that is slow', () => {
  it.each([
    ['sends its headers', 'POST /orders HTTP/1.1\r\nHost: a\r\n'],
    ['sends its body', postText('Content-Length: 1000\r\n\r\n1')],
    ['sends its chunks', postText('Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n')],
  ])('and never quite %s is told so, and hung up on', async (_what, text) => {
    await start({ REQUEST_TIMEOUT_MS: 300 });
    const client = await connectRaw(port);
    client.write(text);
    const dripping = setInterval(() => client.write('a'), 50);
    const answer = await client.closed;
    clearInterval(dripping);
    expect(readProblem(answer)).toMatchObject({ status: 408, code: 'request-timeout' });
    expect(begun).toBe(0);
    await eventually(async () => (await underWay('write')) === 0);
  });

  it('with a body that nobody will read is answered once, and hung up on', async () => {
    await start({ REQUEST_TIMEOUT_MS: 300 });
    const client = await connectRaw(port);
    client.write('POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1');
    expect(readProblem(await client.closed).status).toBe(404);
  });

  it('and does not take its answer holds a bounded part of it, for a bounded time', async () => {
    await start({ ANSWER_TIMEOUT_MS: 1_000 });
    const client = await connectRaw(port);
    client.socket.pause();
    client.write('GET /endless HTTP/1.1\r\nHost: a\r\n\r\n');
    await eventually(() => streamed > 0);
    expect(await underWay('read')).toBe(1);
    await eventually(async () => (await underWay('read')) === 0);
    expect(streamed).toBeLessThan(64 * 1024 * 1024);
    client.socket.destroy();
  });
});

describe('headers', () => {
  const get = (more: string): string => `GET /read HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const many = (count: number): string => Array.from({ length: count }, (_, index) => `a${index % 10}:\r\n`).join('');

  it.each([
    ['101', many(100)],
    ['2,500, of which Node drops some', many(2_500)],
  ])('are answered 431 if they are %s', async (_what, more) => {
    await start();
    const client = await connectRaw(port);
    client.write(get(more));
    expect(await client.until('headers-too-large')).toMatch(/^HTTP\/1\.1 431 /);
    client.write(get(many(99)));
    await client.until('HTTP/1.1 200 OK');
    client.socket.destroy();
  });

  it.each([20_000, 2_000_000])('are answered 431 if they have %i bytes, and the connection ends', async (length) => {
    await start();
    const client = await connectRaw(port);
    client.write(get(`a: ${'x'.repeat(length)}\r\n`));
    expect(readProblem(await client.closed)).toMatchObject({ status: 431, code: 'headers-too-large' });
  });

  it.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['without a host', 'GET /read HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['of two lengths', postText('Content-Length: 1\r\nContent-Length: 2\r\n\r\n1')],
    ['of a length and chunks', postText('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1')],
  ])('that are %s are answered 400', async (_what, text) => {
    await start();
    const client = await connectRaw(port);
    client.write(text);
    expect(readProblem(await client.closed)).toMatchObject({ status: 400, code: 'invalid-input' });
  });

  it('that are no HTTP are not taken for the answer to a request before them', async () => {
    await start();
    const client = await connectRaw(port);
    client.write(postText());
    await eventually(() => begun === 1);
    client.write('nonsense\r\n\r\n');
    expect(await client.closed).toBe('');
  });

  it('of every answer keep browsers and caches away', async () => {
    await start({ MAX_IN_FLIGHT: 1 });
    const taken = post();
    await eventually(() => begun === 1);
    const client = await connectRaw(port);
    client.write('nonsense\r\n\r\n');
    const raw = readProblem(await client.closed).headers;
    door.open();
    const answers = [
      await taken,
      ...(await Promise.all(['/read', '/nowhere', '/health/live'].map((path) => fetch(url(path))))),
    ];
    const expected = {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    };
    for (const [name, value] of Object.entries(expected)) {
      expect(raw).toContain(`${name}: ${value.toLowerCase()}`);
      for (const answer of answers) expect([name, answer.headers.get(name)]).toEqual([name, value]);
    }
  });
});

describe('connections beyond the limit', () => {
  it('take the places of those that were idle for longest, never of one with a request', async () => {
    await start({ MAX_CONNECTIONS: 50 });
    const taken = post();
    await eventually(() => begun === 1);
    const silent: RawClient[] = [];
    for (let batch = 0; batch < 12; batch += 1) {
      silent.push(...(await Promise.all(Array.from({ length: 100 }, () => connectRaw(port)))));
      expect((await fetch(url('/health/live'))).status).toBe(200);
    }
    expect(await metric('alpes_http_connections')).toBeLessThanOrEqual(50);
    expect(await metric('alpes_http_connections_evicted_total')).toBeGreaterThan(1_000);
    await eventually(() => silent.filter(({ socket }) => socket.destroyed).length > 1_000);
    door.open();
    expect((await taken).status).toBe(202);
    for (const { socket } of silent) socket.destroy();
  });

  it('are refused while all have a request', async () => {
    await start({ MAX_CONNECTIONS: 2 });
    const taken = [post(), post()];
    await eventually(() => begun === 2);
    await expect(fetch(url('/read'))).rejects.toThrow('fetch failed');
    door.open();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([202, 202]);
    const client = await connectRaw(port);
    client.write('GET /read HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await client.closed).toContain('200 OK');
  });
});
