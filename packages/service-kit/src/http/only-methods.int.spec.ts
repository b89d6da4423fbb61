import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '../logging.js';
import { createRegistry } from '../telemetry.js';
import { onlyMethods } from './only-methods.js';
import { createHttpServer, type HttpServer } from './server.js';

let server: HttpServer;
let url: string;

beforeAll(async () => {
  server = createHttpServer({
    ...{ logger: createLogger('test', 'silent'), registry: createRegistry('test'), checks: {} },
    routes: (router) => {
      router
        .route('/things')
        .get((_req, res) => res.json([]))
        .all(onlyMethods('GET'));
    },
  });
  url = `http://127.0.0.1:${await server.listen('127.0.0.1', 0)}/things`;
});
afterAll(() => server.close());

describe('a path that has only some methods', () => {
  it('answers these', async () => {
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
  });

  it('refuses the others and says which there are', async () => {
    const response = await fetch(url, { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed', errors: [{ path: 'method' }] });
  });

  it('tells them to who asks with OPTIONS', async () => {
    const response = await fetch(url, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});
