import { createLogger, readConfig, type RunningProcess } from '@alpes/service-kit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { settings } from '../settings.js';
import { startClientFaker } from '../start.js';
import { startTestBff, type TestBff, unavailable } from '../testing/test-bff.js';

let bff: TestBff;
let faker: RunningProcess;

beforeEach(async () => {
  bff = await startTestBff();
  faker = await startClientFaker(readConfig(settings, { PORT: '0', BFF_URL: bff.url }), createLogger('test', 'silent'));
});
afterEach(async () => {
  await faker.stop();
  await bff.stop();
});

const url = (path: string): string => `http://127.0.0.1:${faker.port}${path}`;
const post = (body: string, type = 'application/json'): Promise<Response> =>
  fetch(url('/orders'), { method: 'POST', body, headers: { 'content-type': type } });

describe('POST /orders of the faker', () => {
  it('places one random order without a body', async () => {
    const response = await fetch(url('/orders'), { method: 'POST' });
    expect(response.status).toBe(202);
    const [id] = bff.orders.keys();
    expect(await response.json()).toEqual({ seed: expect.any(Number), orders: [{ id, status: 'PENDING' }] });
  });

  it('places as many as it is told, of the seed that it is told', async () => {
    const first = await post('{"count": 10, "seed": 7}');
    expect(await first.json()).toMatchObject({ seed: 7, orders: { length: 10 } });
    await post('{"count": 10, "seed": 7}');
    const bodies = [...bff.orders.values()].map((body) => JSON.stringify(body));
    expect(bodies).toHaveLength(20);
    expect(new Set(bodies).size).toBe(10);
  });

  it.each([
    ['broken JSON', '{', 400, 'body'],
    ['a list', '[]', 400, 'body'],
    ['null', 'null', 400, 'body'],
    ['a count of 0', '{"count": 0}', 400, 'body.count'],
    ['a count over 100', '{"count": 101}', 400, 'body.count'],
    ['a seed as text', '{"seed": "7"}', 400, 'body.seed'],
    ['an unknown field', '{"orders": 5}', 400, 'body.orders'],
  ])('refuses %s', async (_what, body, status, path) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, errors: [{ path }] });
  });

  it('refuses another content type and another method', async () => {
    expect((await post('count=5', 'text/plain')).status).toBe(415);
    const response = await fetch(url('/orders'));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
  });

  it('is 503 while the BFF has no answer, and says how many orders there are', async () => {
    bff.misbehave = (request) => (request > 2 ? unavailable() : undefined);
    const response = await post('{"count": 3}');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('2 of 3 orders were accepted') });
  });

  it('is 503 while the BFF is away', async () => {
    await bff.stop();
    expect((await post('{}')).status).toBe(503);
    expect((await fetch(url('/health/ready'))).status).toBe(503);
    expect((await fetch(url('/health/live'))).status).toBe(200);
  });
});
