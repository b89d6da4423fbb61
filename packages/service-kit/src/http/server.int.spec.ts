import { AlpesError } from '@alpes/messaging';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { createLogger } from '../logging.js';
import { createRegistry } from '../telemetry.js';
import { connectRaw } from '../testing/raw-client.js';
import { jsonBody } from './json-body.js';
import { causeOf } from './request-context.js';
import { createHttpServer, type HttpServer } from './server.js';

let server: HttpServer;
let url: string;
let databaseIsThere = true;
let slow: { arrived: Promise<void>; arrive: () => void; released: Promise<void>; release: () => void };

beforeEach(async () => {
  databaseIsThere = true;
  slow = createSlow();
  server = createHttpServer({
    logger: createLogger('test', 'silent'),
    registry: createRegistry('test'),
    checks: {
      database: async () => {
        if (!databaseIsThere) throw new AlpesError('unavailable', 'the database does not answer');
      },
    },
    routes: (router) => {
      router.get('/trace', (req, res) => res.json(causeOf(req)));
      router.get('/bug', () => {
        throw new Error('a secret');
      });
      router.get('/slow', async (_req, res) => {
        slow.arrive();
        await slow.released;
        res.json('done');
      });
      router.post('/echo', jsonBody(100), (req: Request, res: Response) => res.json(req.body));
    },
  });
  url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
});

afterEach(() => server.close());

function createSlow(): typeof slow {
  let arrive = (): void => {};
  let release = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { arrived, arrive, released, release };
}

describe('the HTTP server', () => {
  it.each(['/health/live', '/health/ready', '/metrics'])(
    'has %s for who reads, and says so to others',
    async (path) => {
      const response = await fetch(url + path, { method: 'DELETE' });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    },
  );

  it('is ready only while everything that it needs is there, and says what is not', async () => {
    const metrics = async () => (await fetch(`${url}/metrics`)).text();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await metrics()).toContain('alpes_ready{check="database",service="test"} 1');
    databaseIsThere = false;
    expect(await metrics()).toContain('alpes_ready{check="database",service="test"} 0');
    const response = await fetch(`${url}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { database: 'the database does not answer' } });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('is not ready while a check takes longer than it may', async () => {
    const patient = createHttpServer({
      ...{ logger: createLogger('test', 'silent'), registry: createRegistry('patient') },
      checks: { broker: () => new Promise(() => {}) },
      settings: { CHECK_TIMEOUT_MS: 20, REQUEST_TIMEOUT_MS: 1_000 },
    });
    const port = await patient.listen('127.0.0.1', 0);
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect(await response.json()).toMatchObject({ checks: { broker: 'no answer within 20 ms' } });
    await patient.close();
  });

  it('goes on in the trace of the request', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const response = await fetch(`${url}/trace`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
    expect(await response.json()).toMatchObject({ traceparent: expect.stringContaining(traceId) });
    expect(response.headers.get('trace-id')).toBe(traceId);
  });

  it('begins a trace for a request that has none', async () => {
    const first = await fetch(`${url}/trace`);
    const second = await fetch(`${url}/trace`, { headers: { traceparent: 'nonsense' } });
    expect(first.headers.get('trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(second.headers.get('trace-id')).not.toBe(first.headers.get('trace-id'));
  });

  it('answers an error of ours without telling what it was', async () => {
    const response = await fetch(`${url}/bug`);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.text()).not.toContain('secret');
  });

  it.each([
    ['an unknown route', '/nowhere', {}, 404],
    ['a malformed URL', '/%E0%A4%A', {}, 404],
    ['a body that is no JSON', '/echo', { body: '{', type: 'application/json' }, 400],
    ['a body of another type', '/echo', { body: 'a', type: 'text/plain' }, 415],
    ['a body in another charset', '/echo', { body: '1', type: 'application/json; charset=utf-16' }, 415],
    ['a body over the limit', '/echo', { body: JSON.stringify('a'.repeat(101)), type: 'application/json' }, 413],
  ])(
    'answers %s with a problem document',
    async (_what, path, { body, type }: { body?: string; type?: string }, status) => {
      const init = body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': type ?? '' } };
      const response = await fetch(`${url}${path}`, init);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(await response.json()).toMatchObject({ status, errors: [{ path: expect.any(String) }] });
    },
  );

  it('measures requests by route', async () => {
    await fetch(`${url}/trace`);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/http_server_request_duration_seconds_count\{.*route="\/trace",status="200"\} 1/);
  });

  it('refuses a port that is taken, with a message that says so', async () => {
    const other = createHttpServer({
      logger: createLogger('test', 'silent'),
      registry: createRegistry('other'),
      checks: {},
    });
    await expect(other.listen('127.0.0.1', Number(new URL(url).port))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('is taken'),
    });
  });

  it('finishes the requests under way when it closes', async () => {
    const response = fetch(`${url}/slow`);
    await slow.arrived;
    const closed = server.close();
    slow.release();
    expect((await response).headers.get('connection')).toBe('close');
    expect(await (await response).json()).toBe('done');
    await closed;
  });

  it.each([
    ['of whose request a part has come', 'GET /trace HTT'],
    [
      'whose body does not come',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
    ],
  ])('breaks off a connection %s when half of its grace is over', async (_, part) => {
    const patience = createHttpServer({
      ...{ logger: createLogger('test', 'silent'), registry: createRegistry('test'), checks: {} },
      routes: (router) => router.post('/echo', jsonBody(100), (req: Request, res: Response) => res.json(req.body)),
      settings: { GRACE_MS: 1_000 },
    });
    const port = await patience.listen('127.0.0.1', 0);
    const client = await connectRaw(port);
    client.write(part);
    // It came before this one.
    await fetch(`http://127.0.0.1:${port}/health/live`);
    await patience.close();
    expect(await client.closed).not.toContain('200 OK');
  });

  it('waits for no connection that was opened in advance when it closes', async () => {
    const unused = await connectRaw(Number(new URL(url).port));
    // It was accepted before this one.
    await fetch(`${url}/health/live`);
    await server.close();
    expect(await unused.closed).toBe('');
  });
});
