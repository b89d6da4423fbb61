import { eventually, gate } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../logging.js';
import { createRegistry } from '../telemetry.js';
import { inLane } from './in-lane.js';
import { createHttpServer, type HttpServer } from './server.js';

let server: HttpServer;
let url: string;
let begun = 0;
let door = gate();

/** A server with a lane for one, and reads for two. */
async function start(answerTimeoutMs: number): Promise<void> {
  [begun, door] = [0, gate()];
  server = createHttpServer({
    ...{ logger: createLogger('test', 'silent'), registry: createRegistry('test'), checks: {} },
    settings: { MAX_IN_FLIGHT: 2, GRACE_MS: 400, ANSWER_TIMEOUT_MS: 60_000 },
    lanes: { export: { most: 1, answerTimeoutMs } },
    routes: (router) => {
      router.get(
        '/long',
        inLane('export', async (_req, res) => {
          begun += 1;
          await door.passed;
          res.end('made');
        }),
      );
      router.get('/short', (_req, res) => res.json('short'));
    },
  });
  url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}`;
}
beforeEach(() => start(60_000));
afterEach(async () => {
  door.open();
  await server.close();
});

const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: unknown }).code;
const underWay = async (): Promise<string[]> => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return [...metrics.matchAll(/^http_server_active_requests\{lane="(read|export)".*\} (\d+)$/gm)].map(
    ([, lane, count]) => `${lane} ${count}`,
  );
};

describe('a lane of a route', () => {
  it('takes as many as it may and refuses the next, without a place among the reads', async () => {
    const first = fetch(`${url}/long`);
    await eventually(() => begun === 1);
    expect(await underWay()).toEqual(['read 0', 'export 1']);
    const refused = await fetch(`${url}/long?again`);
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'overloaded']);
    expect((await fetch(`${url}/short`)).status).toBe(200);
    door.open();
    expect(await (await first).text()).toBe('made');
    expect(await underWay()).toEqual(['read 0', 'export 0']);
    expect((await fetch(`${url}/long`)).status).toBe(200);
  });

  it('has room only when the work is done, whoever has gone', async () => {
    const leaving = new AbortController();
    const first = fetch(`${url}/long`, { signal: leaving.signal }).catch(() => 'gone');
    await eventually(() => begun === 1);
    leaving.abort();
    expect(await first).toBe('gone');
    expect((await fetch(`${url}/long`)).status).toBe(503);
    door.open();
    await eventually(async () => (await fetch(`${url}/long`)).status === 200);
  });

  it('has a time of its own, after which it is hung up on its client', async () => {
    await server.close();
    await start(200);
    await expect(fetch(`${url}/long`)).rejects.toThrow('fetch failed');
  });

  it('is broken off by a server that ends, after half of the time that it has', async () => {
    const first = fetch(`${url}/long`);
    await eventually(() => begun === 1);
    const closing = server.close();
    await expect(first).rejects.toThrow('fetch failed');
    await closing;
  });
});
