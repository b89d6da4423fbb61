import { connectTransport, type Transport } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, startPostgres } from './postgres.js';

jest.setTimeout(120_000);

let folder: string;
let postgres: Postgres;
let transport: Transport;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alpes-crash-'));
  chmodSync(folder, 0o755);
  postgres = await startPostgres(join(folder, 'postgres'));
  transport = connectTransport(`embedded:${postgres.urls.broker}`, { partitions: 1 });
});
afterAll(async () => {
  await transport.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('a PostgreSQL that writes to the disk', () => {
  it('keeps what was acknowledged to the log just before it crashed: the consumer that lives on would not repeat it', async () => {
    await transport.declare([{ topic: 'orders', subscriptions: ['mailer'] }]);
    const subscription = await transport.subscribe({
      ...{ topic: 'orders', subscription: 'mailer', mode: 'durable', from: 'earliest' },
    });
    for (let round = 0; round < 3; round += 1) {
      await transport.publish([{ topic: 'orders', key: 'ana', properties: {}, payload: Buffer.from(String(round)) }]);
      const received = await eventually(async () => {
        const messages = await subscription.receive(10, 1_000, new AbortController().signal);
        return messages.length > 0 && messages;
      });
      await subscription.acknowledge(received);
      const pid = postgres.serverPid();
      process.kill(pid, 'SIGQUIT');
      await eventually(() => postgres.serverPid() !== pid, { timeoutMs: 60_000 });
      const backlog = () => transport.backlog('orders', 'mailer').catch(() => undefined);
      await eventually(async () => (await backlog()) !== undefined, { timeoutMs: 60_000 });
      expect(await backlog()).toBe(0);
    }
  });
});
