import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Ask, createAsk } from './http.js';

let server: Server;
const closing = new AbortController();
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Asks a server that answers in this way, and waits a fifth of a second. */
async function askOf(listener: RequestListener): Promise<{ ask: Ask; origin: string }> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = closing;
  return {
    origin,
    ask: createAsk({ baseUrl: origin, token: undefined, tlsCa: undefined, signal, answerTimeoutMs: 200 }),
  };
}

const PATH = '/admin/v2/persistent/public/default/orders/partitions';
const noAnswer = (origin: string, method: string) => ({
  code: 'unavailable',
  message: `Pulsar's admin API does not answer at ${origin}: no answer within 0.2 s to ${method} ${PATH}`,
});

it('says how long it waited for an answer that does not come, and to what', async () => {
  const { ask, origin } = await askOf(() => {});
  await expect(ask('PUT', PATH, '4')).rejects.toMatchObject(noAnswer(origin, 'PUT'));
});

it('says so too of an answer that begins and does not end', async () => {
  const { ask, origin } = await askOf((_, response) => void response.write('{'));
  await expect(ask('GET', `${PATH}?all=true`)).rejects.toMatchObject(noAnswer(origin, 'GET'));
});

it('says why when the connection breaks', async () => {
  const { ask, origin } = await askOf((request) => request.destroy());
  const message = `Pulsar's admin API does not answer at ${origin}: ECONNRESET`;
  await expect(ask('GET', PATH)).rejects.toMatchObject({ code: 'unavailable', message });
});

it('ends at once what is under way when its transport is closed, and speaks of no wait', async () => {
  const { ask } = await askOf(() => closing.abort());
  await expect(ask('GET', PATH)).rejects.toMatchObject({ message: expect.stringContaining('ABORT_ERR') as unknown });
});
