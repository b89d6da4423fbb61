import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../../testing/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';

describe('a durable subscription', () => {
  let testDatabase: TestDatabase;
  let client: Client;
  let transport: Transport;
  const { signal } = new AbortController();

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    transport = connectTransport(`embedded:${testDatabase.url}`, { leaseMs: 300, pollMs: 50 });
    await transport.declare([{ topic: 't', subscriptions: ['s'] }]);
  });

  afterAll(async () => {
    await transport.close();
    await client.end();
    await testDatabase.drop();
  });

  const publish = (text: string) =>
    transport.publish([{ topic: 't', key: 'k', properties: {}, payload: Buffer.from(text) }]);

  it('says so when it can’t renew its lease, and goes on when it can again', async () => {
    const subscription = await transport.subscribe({
      topic: 't',
      subscription: 's',
      mode: 'durable',
      from: 'earliest',
    });
    await client.query('ALTER TABLE log.member RENAME TO elsewhere');
    const refused = eventually(async () => (await subscription.receive(1, 50, signal)).length > 0, {
      timeoutMs: 1_500,
    });
    await expect(refused).rejects.toThrow('declare');
    await publish('later');
    await client.query('ALTER TABLE log.elsewhere RENAME TO member');
    await eventually(async () => (await subscription.receive(1, 50, signal)).length === 1);
    await subscription.close();
  });

  it('leaps over what is acknowledged, wherever that is', async () => {
    for (let n = 0; n < 300; n += 1) await publish(String(n));
    const range = `'{[0,3), [4,7), [8,250), [251,290)}'::int8multirange`;
    await client.query(`UPDATE log.cursor SET acknowledged = ${range}`);
    const subscription = await transport.subscribe({
      topic: 't',
      subscription: 's',
      mode: 'durable',
      from: 'earliest',
    });
    const offsets: string[] = [];
    for (const max of [1, 2, 4, 100]) {
      const messages = await subscription.receive(max, 1_000, signal);
      offsets.push(...messages.map(({ position }) => position.split(':')[1] ?? ''));
    }
    expect(offsets).toEqual(['3', '7', '250', ...Array.from({ length: 11 }, (_, n) => String(290 + n))]);
    await subscription.acknowledge([]);
  });

  it('refuses to acknowledge what is no position of this log', async () => {
    const subscription = await transport.subscribe({
      topic: 't',
      subscription: 's',
      mode: 'durable',
      from: 'earliest',
    });
    const foreign = { topic: 't', key: 'k', properties: {}, payload: new Uint8Array(), partition: 0 };
    const acknowledging = subscription.acknowledge([{ ...foreign, position: '(3,4,-1)', publishedAt: new Date() }]);
    await expect(acknowledging).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
