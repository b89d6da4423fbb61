import { readFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer } from 'ws';
import type { Transport } from '../../transport.js';
import { connectTransport, type TransportSettings } from '../connect.js';

const pem = (name: string): string => readFileSync(new URL(`../../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const CERTIFICATE = pem('localhost.cert.pem');
const TOKEN = 'the-right-token';
const MESSAGE = { topic: 'orders', key: 'k', properties: {}, payload: Buffer.from('x') };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** What Pulsar does at its door, for who has the token or has none to show. */
async function standIn({ secure = false, answer = 200, token = '' } = {}): Promise<string> {
  const status = ({ headers }: IncomingMessage): number => {
    return token === '' || headers.authorization === `Bearer ${token}` ? answer : 401;
  };
  const server: Server = secure ? createHttps({ cert: CERTIFICATE, key: pem('localhost.key.pem') }) : createHttp();
  server.on('request', (request: IncomingMessage, response) => {
    response.writeHead(status(request)).end(JSON.stringify(['a', 'topic']));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const code = status(request);
    if (code !== 200) {
      socket.end(`HTTP/1.1 ${code} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      accepted.on('message', (data: Buffer) => {
        const { context } = JSON.parse(data.toString()) as { context: string };
        accepted.send(JSON.stringify({ result: 'ok', messageId: 'CBcQABgEMAA=', context }));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `${secure ? 'wss' : 'ws'}://localhost:${(server.address() as AddressInfo).port}`;
}

function connect(url: string, pulsar: TransportSettings['pulsar'] = {}): Transport {
  const transport = connectTransport(url, { pulsar });
  closing.push(() => transport.close());
  return transport;
}

describe('access to Pulsar over its WebSocket API', () => {
  it('shows the token to both APIs, and says that it was refused', async () => {
    const url = await standIn({ token: TOKEN });
    const accepted = connect(url, { token: TOKEN });
    await accepted.check();
    expect(await accepted.publish([MESSAGE])).toEqual([undefined]);
    const refused = connect(url, { token: 'another' });
    const refusal = { code: 'unavailable', message: expect.stringContaining('refuses our token') };
    await expect(refused.check()).rejects.toMatchObject(refusal);
    expect(await refused.publish([MESSAGE])).toMatchObject([refusal]);
  });

  it('trusts, over TLS, the authorities that it is told to trust', async () => {
    const url = await standIn({ secure: true });
    const trusting = connect(url, { tlsCa: CERTIFICATE });
    await trusting.check();
    expect(await trusting.publish([MESSAGE])).toEqual([undefined]);
    const doubting = connect(url);
    const refusal = { code: 'unavailable', message: expect.stringContaining('SELF_SIGNED_CERT') };
    await expect(doubting.check()).rejects.toMatchObject(refusal);
    expect(await doubting.publish([MESSAGE])).toMatchObject([refusal]);
  });

  it('finds nobody, no namespace and no topic, and says which', async () => {
    const url = await standIn({ answer: 404 });
    const message = (text: string) => ({ code: 'unavailable', message: expect.stringContaining(text) });
    const lost = connect(url, { tenant: 'nobody', namespace: 'nothing' });
    await expect(lost.check()).rejects.toMatchObject(message('no namespace nobody/nothing'));
    await expect(lost.partitions('orders')).rejects.toMatchObject(message('topic orders does not exist'));
    expect(await lost.publish([MESSAGE])).toMatchObject([message('does not exist; declare it first')]);
    const alone = connect('ws://127.0.0.1:9');
    await expect(alone.check()).rejects.toMatchObject(message('ECONNREFUSED'));
    expect(await alone.publish([MESSAGE])).toMatchObject([message('ECONNREFUSED')]);
  });
});
