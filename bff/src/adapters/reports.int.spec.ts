import { AlpesError } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { connectRaw } from '@alpes/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startTestBff, type TestBff } from '../testing/test-bff.js';
import { startTestService, type TestService } from '../testing/test-service.js';

const FROM = '2026-01-01T00:00:00Z';
const TO = '2026-02-01T00:00:00+01:00';
const CSV = 'id,address\n1,"a ""b"", c\nd 🏔"\n';

let service: TestService;
let bff: TestBff;
const asked: string[] = [];
let open = 0;

function* endless(): Generator<string> {
  for (;;) yield 'x'.repeat(65_536);
}

/** Plays reporting: by the format that is asked for it answers, breaks off, or never ends. */
beforeAll(async () => {
  service = await startTestService((router) => {
    router.get('/reports/orders', async (req, res) => {
      asked.push(req.url);
      const { format = 'csv' } = req.query;
      if (format === 'docx') {
        const details = [{ path: 'query.format', message: 'must be one of: csv, json' }];
        throw new AlpesError('unsupported-format', 'there is no report format "docx"', { details });
      }
      res.type('text/csv').attachment('orders.csv');
      if (format === 'csv') {
        res.send(CSV);
        return;
      }
      open += 1;
      res.once('close', () => (open -= 1));
      if (format === 'broken') {
        res.write('x'.repeat(100_000));
        setImmediate(() => res.destroy());
        return;
      }
      await pipeline(Readable.from(endless()), res).catch(() => {});
    });
  });
  bff = await startTestBff({ REPORTING_URL: service.url, MAX_EXPORTS: '2', EXPORT_STALL_MS: '1000' });
});
afterAll(async () => {
  await bff.stop();
  await service.stop();
});

const nobodyReads = () => eventually(() => open === 0, { timeoutMs: 20_000, what: 'reporting is asked by nobody' });

describe('GET /reports/orders', () => {
  it('comes through as it is, with its type and its name, and passes on what was asked', async () => {
    const query = new URLSearchParams({ from: FROM, to: TO, status: 'PENDING', format: 'csv' });
    const response = await bff.get(`/reports/orders?${query.toString()}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=orders.csv');
    expect(await response.text()).toBe(CSV);
    expect(Object.fromEntries(new URLSearchParams(asked.at(-1)?.split('?')[1]))).toEqual(Object.fromEntries(query));
  });

  it('needs none of its parameters', async () => {
    expect(await (await bff.get('/reports/orders')).text()).toBe(CSV);
    expect(asked.at(-1)).toBe('/reports/orders');
  });

  it.each([
    { query: 'from=x&to=y&status=z&limit=1', paths: ['query.from', 'query.limit', 'query.status', 'query.to'] },
    { query: `from=${FROM}&to=2025-12-31T23:59:59Z`, paths: ['query.from'] },
    { query: `from=${FROM}&to=2025-12-31T23:59:59Z&status=z`, paths: ['query.from', 'query.status'] },
    { query: `from=${TO}`, paths: ['query.from'] },
    { query: `to=${FROM}&to=${FROM}`, paths: ['query.to'] },
    { query: 'format=csv&format=json', paths: ['query.format'] },
    { query: 'format=docx', paths: ['query.format'] },
  ])('is refused with every path that is wrong: $query', async ({ query, paths }) => {
    const response = await bff.get(`/reports/orders?${query}`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).toSorted()).toEqual(paths);
  });

  it('that breaks off is seen to be not whole', async () => {
    const response = await bff.get('/reports/orders?format=broken');
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('ends where it comes from when its reader goes, or takes nothing', async () => {
    const leaving = new AbortController();
    const response = await fetch(`${bff.url}/reports/orders?format=endless`, { signal: leaving.signal });
    expect(response.status).toBe(200);
    await eventually(() => open === 1);
    leaving.abort();
    await nobodyReads();
    const client = await connectRaw(Number(new URL(bff.url).port));
    client.write('GET /reports/orders?format=endless HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('\r\n\r\n');
    client.socket.pause();
    expect(open).toBe(1);
    await nobodyReads();
    client.socket.destroy();
  });

  it('is answered to HEAD, and not made', async () => {
    const response = await fetch(`${bff.url}/reports/orders?format=endless`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    await nobodyReads();
  });

  it('is one of few: the next is refused with Retry-After', async () => {
    const leaving = new AbortController();
    const ask = () => fetch(`${bff.url}/reports/orders?format=endless`, { signal: leaving.signal });
    await Promise.all([ask(), ask()]);
    const refused = await bff.get('/reports/orders');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'overloaded' });
    leaving.abort();
    await nobodyReads();
    await eventually(async () => (await bff.get('/reports/orders')).status === 200);
  });
});
