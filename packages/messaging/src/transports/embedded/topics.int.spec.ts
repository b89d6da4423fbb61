import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Topology } from '../../transport.js';
import { connectTransport } from '../connect.js';

describe('the topics of the embedded log', () => {
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
  });

  afterAll(() => testDatabase.drop());

  it('are declared by many processes at once, first of all the log itself, each in another order', async () => {
    const topics = Array.from({ length: 10 }, () => randomUUID());
    const declaration = (from: number): Topology =>
      [...topics.slice(from), ...topics.slice(0, from)].map((topic) => ({ topic, subscriptions: ['a', 'b'] }));
    const transports = topics.map(() => connectTransport(`embedded:${testDatabase.url}`));
    await Promise.all(transports.map((transport, index) => transport.declare(declaration(index))));
    await Promise.all(transports.map((transport, index) => transport.declare(declaration(9 - index))));
    const transport = connectTransport(`embedded:${testDatabase.url}`);
    for (const topic of topics) expect(await transport.partitions(topic)).toBe(8);
    await transport.close();
    await Promise.all(transports.map((transport) => transport.close()));
  });
});
