import { AlpesError } from '@alpes/messaging';
import { jsonBody, validate } from '@alpes/service-kit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { goodOrder } from '../testing/orders.js';
import { startTestBff, type TestBff } from '../testing/test-bff.js';
import { startTestService, type TestService } from '../testing/test-service.js';

const IN_TIME = uuidv4();
const SLOW = uuidv4();
const BROKEN = uuidv4();
const LONG = uuidv4();
const LATE = uuidv7();
const CSV = 'id,address\r\n1,"a ""b"", c\nd 🏔"\r\n';
const query = z.object({ format: z.enum(['csv', 'json'], 'must be one of: csv, json').default('csv') });

let asked: Record<string, string | undefined>;
let lateReads = 0;
let service: TestService;
let bff: TestBff;

/** Plays order, saga-log and reporting, with problem documents as they make them. */
beforeAll(async () => {
  const notFound = (id: string) =>
    new AlpesError('not-found', `there is no order ${id}`, {
      details: [{ path: 'params.id', message: 'no order has this id' }],
    });
  service = await startTestService((router) => {
    router.post('/orders', jsonBody(1), () => {});
    router.get('/orders/:id', (req, res) => {
      const { id } = req.params;
      asked = { traceparent: req.get('traceparent') };
      if (id === SLOW) return;
      if (id === BROKEN) throw new Error('a secret');
      if (id !== IN_TIME && (id !== LATE || (lateReads += 1) < 4)) throw notFound(id);
      res.json({ id, ...goodOrder });
    });
    router.get('/orders/:id/saga', (req, res) => {
      if (req.params.id !== IN_TIME) throw notFound(req.params.id);
      res.json({ orderId: req.params.id, steps: [] });
    });
    router.get('/reports/:id', (req, res) => {
      const { format } = validate(query, req.query, 'query');
      if (req.params.id === LONG) {
        res.type('text/csv').write('x'.repeat(100_000));
        setImmediate(() => res.destroy());
        return;
      }
      if (req.params.id !== IN_TIME) throw notFound(req.params.id);
      if (format === 'json') res.json({ id: IN_TIME });
      else res.type('text/csv').attachment(`order-${IN_TIME}.csv`).send(CSV);
    });
  });
  bff = await startTestBff({
    ...{ ORDER_URL: service.url, SAGA_LOG_URL: `${service.url}/`, REPORTING_URL: service.url },
    ...{ QUERY_TIMEOUT_MS: '300', READ_WAIT_MS: '600' },
  });
});
afterAll(async () => {
  await bff.stop();
  await service.stop();
});

describe('a query', () => {
  it('is answered with what the owning service says', async () => {
    const response = await bff.get(`/orders/${IN_TIME.toUpperCase()}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: IN_TIME, ...goodOrder });
    expect(await (await bff.get(`/orders/${IN_TIME}/saga`)).json()).toEqual({ orderId: IN_TIME, steps: [] });
  });

  it('goes on in the trace of its request', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await bff.get(`/orders/${IN_TIME}`, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    expect(asked['traceparent']).toContain(traceId);
  });

  it('waits for an order that was accepted a moment ago', async () => {
    expect((await bff.get(`/orders/${LATE}`)).status).toBe(200);
    expect(lateReads).toBe(4);
  });

  it.each([
    ['/orders/ID', 'params.id'],
    ['/orders/ID/saga', 'params.id'],
    ['/report?id=ID', 'query.id'],
  ])('for what does not exist, %s, is 404 and names %s', async (path, wrong) => {
    const response = await bff.get(path.replace('ID', uuidv4()));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not-found', errors: [{ path: wrong }] });
  });

  it('for a recent id that never comes is 404 after the wait', async () => {
    expect((await bff.get(`/orders/${uuidv7()}`)).status).toBe(404);
  });

  it.each([
    ['is too slow', SLOW],
    ['has an error of its own', BROKEN],
  ])('is 503 with Retry-After while the service %s', async (_what, id) => {
    const response = await bff.get(`/orders/${id}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    const text = await response.text();
    expect(text).toContain('the order service');
    expect(text).not.toContain('secret');
  });
});

describe('a report', () => {
  it('comes through as it is, with its type and its name', async () => {
    const response = await bff.get(`/report?id=${IN_TIME}`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename=order-${IN_TIME}.csv`);
    expect(await response.text()).toBe(CSV);
  });

  it('comes in the format that is asked for', async () => {
    const response = await bff.get(`/report?id=${IN_TIME}&format=json`);
    expect(await response.json()).toEqual({ id: IN_TIME });
  });

  it.each(['xml', '', 'a&b=c'])('in the unknown format "%s" is 400 and says which there are', async (format) => {
    const response = await bff.get(`/report?id=${IN_TIME}&format=${encodeURIComponent(format)}`);
    expect(response.status).toBe(400);
    const errors = [{ path: 'query.format', message: 'must be one of: csv, json' }];
    expect(await response.json()).toMatchObject({ errors });
  });

  it('that breaks off is seen to be incomplete, and the process lives on', async () => {
    const response = await bff.get(`/report?id=${LONG}`);
    await expect(response.text()).rejects.toThrow('terminated');
    expect((await bff.get(`/report?id=${IN_TIME}`)).status).toBe(200);
  });

  it('is answered to HEAD without its body', async () => {
    const response = await fetch(`${bff.url}/report?id=${IN_TIME}`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/csv');
  });
});

describe('while the other services are away', () => {
  let alone: TestBff;
  beforeAll(async () => {
    alone = await startTestBff();
  });
  afterAll(() => alone.stop());

  it.each([`/orders/${IN_TIME}`, `/orders/${IN_TIME}/saga`, `/report?id=${IN_TIME}`])('GET %s is 503', async (path) => {
    const response = await alone.get(path);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ code: 'unavailable' });
  });

  it('orders are accepted all the same', async () => {
    expect((await alone.post(goodOrder)).status).toBe(202);
  });

  it('what is no answer of a service is 503, not passed on', async () => {
    const strange = await listen(createServer((_req, res) => res.writeHead(404).end('<h1>Not found</h1>')));
    const mistaken = await startTestBff({ ORDER_URL: strange.url });
    expect((await mistaken.get(`/orders/${IN_TIME}`)).status).toBe(503);
    await mistaken.stop();
    strange.server.close();
  });
});

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
