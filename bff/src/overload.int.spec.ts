import { eventually } from '@alpes/messaging/testing';
import { connectRaw } from '@alpes/service-kit/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { holdLocks } from './testing/hold-locks.js';
import { goodOrder } from './testing/orders.js';
import { startTestBff, type TestBff } from './testing/test-bff.js';
import { startTestService } from './testing/test-service.js';

let bff: TestBff;
afterEach(() => bff.stop());

const MOST = 5;
const post = (key: string) => bff.post(goodOrder, { 'idempotency-key': key });
const underWay = async (lane: string): Promise<number> => {
  const metrics = await (await bff.get('/metrics')).text();
  return Number(new RegExp(`^http_server_active_requests\\{lane="${lane}".*\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
};
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { code: string }).code;

describe('a BFF whose broker takes nothing', () => {
  it('takes as many orders as it may, refuses the next at once, and takes it when it comes again', async () => {
    bff = await startTestBff({ MAX_IN_FLIGHT: String(MOST), PUBLISH_TIMEOUT_MS: '30000' });
    const locks = await holdLocks(bff.brokerDatabase.url, 'log.partition');
    const taken = Array.from({ length: MOST }, () => post(randomUUID()));
    await eventually(async () => (await underWay('write')) === MOST);
    const key = randomUUID();
    const refused = await post(key);
    expect([refused.status, refused.headers.get('retry-after'), await codeOf(refused)]).toEqual([
      503,
      '1',
      'overloaded',
    ]);
    expect((await bff.get('/health/live')).status).toBe(200);
    // Nobody is there to be asked, but it was tried.
    expect(await codeOf(await bff.get(`/orders/${randomUUID()}`))).toBe('unavailable');
    await locks.release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(Array(MOST).fill(202));
    expect((await post(key)).status).toBe(202);
    expect(await bff.broker.browse('crear-orden', { limit: 100 })).toHaveLength(MOST + 1);
  });

  it('keeps nothing of those who gave up, and makes room only once it is done with them', async () => {
    bff = await startTestBff({ MAX_IN_FLIGHT: String(MOST), PUBLISH_TIMEOUT_MS: '1000' });
    const locks = await holdLocks(bff.brokerDatabase.url, 'log.partition');
    const leaving = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(goodOrder);
    const gone = Array.from({ length: MOST }, () =>
      fetch(`${bff.url}/orders`, { method: 'POST', headers, body, signal: leaving.signal }).catch(() => 'gone'),
    );
    await eventually(async () => (await underWay('write')) === MOST);
    leaving.abort();
    expect(new Set(await Promise.all(gone))).toEqual(new Set(['gone']));
    expect(await codeOf(await bff.post(goodOrder))).toBe('overloaded');
    await eventually(async () => (await underWay('write')) === 0);
    await locks.release();
    await eventually(async () => (await bff.post(goodOrder)).status === 202);
  });
});

describe('a report that nobody reads', () => {
  it('is made no further than it can be sent, and ended in time', async () => {
    let made = 0;
    let isEnded = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (const chunk = Buffer.alloc(64 * 1024); ; made += chunk.byteLength) yield chunk;
      } finally {
        isEnded = true;
      }
    }
    const reporting = await startTestService((router) => {
      router.get('/reports/:id', async (_req, res) => {
        await pipeline(Readable.from(endless()), res).catch(() => {});
      });
    });
    bff = await startTestBff({ REPORTING_URL: reporting.url, ANSWER_TIMEOUT_MS: '1000' });
    const client = await connectRaw(Number(new URL(bff.url).port));
    client.socket.pause();
    client.write(`GET /report?id=${randomUUID()} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await eventually(() => made > 0);
    await eventually(() => isEnded, { timeoutMs: 20_000 });
    expect(made).toBeLessThan(64 * 1024 * 1024);
    await eventually(async () => (await underWay('read')) === 0);
    client.socket.destroy();
    await reporting.stop();
  });
});
