import { eventually, gate } from '@alpes/messaging/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectRaw, type RawClient } from '../testing/raw-client.js';
import { hangUp } from './hang-up.js';
import { sendStream } from './send-stream.js';

let server: Server;
let client: RawClient;
let failed: Error | undefined;
afterEach(() => {
  client.socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** Answers one request of HTTP/1.0, of whose answer the client reads nothing but its beginning. */
async function answer(listener: RequestListener): Promise<{ isOver: () => boolean }> {
  let over = false;
  server = createServer((req, res) => {
    req.socket.once('close', () => {
      over = true;
    });
    listener(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = await connectRaw((server.address() as AddressInfo).port);
  failed = undefined;
  client.socket.once('error', (error) => {
    failed = error;
  });
  client.write('GET / HTTP/1.0\r\n\r\n');
  return { isOver: () => over };
}

/** What a client is told that still reads, or that writes to a connection; one that was only ended takes this much. */
const onWrite = async (): Promise<unknown> =>
  failed ?? (await new Promise((resolve) => client.socket.write('x', resolve)));
const RESET = expect.objectContaining({ code: 'ECONNRESET' });

const door = gate();
async function* failing(): AsyncGenerator<string> {
  yield 'begun';
  await door.passed;
  throw new Error('the database is gone');
}

async function* endless(state: { made: number; isEnded: boolean }): AsyncGenerator<Uint8Array> {
  try {
    for (const chunk = Buffer.alloc(64 * 1024); ; state.made += 1) yield chunk;
  } finally {
    state.isEnded = true;
  }
}

describe('a body that is sent as it is made', () => {
  it('and fails ends with a reset, for in HTTP/1.0 an end would be that of the body', async () => {
    let failure: unknown;
    const { isOver } = await answer((_req, res) => {
      sendStream(failing(), res, { stallMs: 10_000 }).catch((error: unknown) => {
        failure = error;
      });
    });
    await client.until('begun');
    client.socket.pause();
    door.open();
    await eventually(isOver);
    expect(await onWrite()).toEqual(RESET);
    expect(failure).toMatchObject({ message: 'the database is gone' });
  });

  it('is made no further than it is taken, and broken off once nothing of it is taken for long', async () => {
    const state = { made: 0, isEnded: false };
    let failure: unknown;
    const { isOver } = await answer((_req, res) => {
      sendStream(endless(state), res, { stallMs: 300 }).catch((error: unknown) => {
        failure = error;
      });
    });
    client.socket.pause();
    await eventually(isOver);
    expect(await onWrite()).toEqual(RESET);
    expect(state.isEnded).toBe(true);
    expect(state.made).toBeLessThan(1_000);
    expect(failure).toMatchObject({ code: 'unavailable' });
  });

  it('is ended, without an error, when its client goes', async () => {
    const state = { made: 0, isEnded: false };
    let sent = false;
    await answer((_req, res) => {
      void sendStream(endless(state), res, { stallMs: 10_000 }).then(() => {
        sent = true;
      });
    });
    await eventually(() => state.made > 0);
    client.socket.destroy();
    await eventually(() => sent && state.isEnded);
  });
});

describe('hanging up', () => {
  const pending = Buffer.alloc(32 * 1024 * 1024);

  it('resets a connection, whether anything is still to be taken or not', async () => {
    for (const body of ['', pending]) {
      const { isOver } = await answer((req, res) => {
        res.write('begun');
        res.write(body);
        setImmediate(hangUp, req.socket);
      });
      client.socket.pause();
      await eventually(isOver);
      expect(await onWrite()).toEqual(RESET);
      client.socket.destroy();
      server.close();
    }
  });

  it('is told from an end: a connection that was only ended takes what is written', async () => {
    const { isOver } = await answer((req, res) => {
      res.write('begun');
      setImmediate(() => req.socket.destroy());
    });
    client.socket.pause();
    await eventually(isOver);
    expect(await onWrite()).toBeFalsy();
  });
});
