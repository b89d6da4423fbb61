import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { TransportMessage } from '../../publisher.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';

const TOPICS = ['apple', 'banana', 'cherry'];
const PARTITIONS = 4;
const PUBLISHERS = 8;
const BATCHES = 25;

/** A batch of up to 40 messages for all topics in any order, of which each says its publisher and number. */
function randomBatch(publisher: number, batch: number): TransportMessage[] {
  return Array.from({ length: 1 + Math.floor(Math.random() * 40) }, (_, n) => ({
    topic: TOPICS[Math.floor(Math.random() * TOPICS.length)] ?? '',
    key: `key-${Math.floor(Math.random() * 50)}`,
    properties: {},
    payload: Buffer.from(`${publisher} ${batch * 100 + n}`),
  }));
}

interface Range {
  readonly partition: string;
  readonly first: string;
  readonly last: string;
  readonly count: string;
}

const RANGES = `
  SELECT topic_id || '/' || partition AS partition, min("offset") AS first, max("offset") AS last, count(*) AS count
  FROM log.message GROUP BY 1`;

describe('many who append at once, to the same topics in any order', () => {
  let testDatabase: TestDatabase;
  let client: Client;
  const transports: Transport[] = [];
  let published: TransportMessage[];
  const failures: Error[] = [];
  const gaps: Range[] = [];
  let looks = 0;

  /** Another process's view, again and again while the others append. */
  const look = async (done: () => boolean): Promise<void> => {
    while (!done()) {
      const { rows } = await client.query<Range>(RANGES);
      gaps.push(...rows.filter(({ first, last, count }) => first !== '0' || Number(count) !== Number(last) + 1));
      looks += 1;
    }
  };

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    const url = `embedded:${testDatabase.url}`;
    for (let n = 0; n < PUBLISHERS; n += 1) transports.push(connectTransport(url, { partitions: PARTITIONS }));
    await transports[0]?.declare(TOPICS.map((topic) => ({ topic, subscriptions: [] })));
    let running = true;
    const looking = look(() => !running);
    const batches = transports.map(async (transport, publisher) => {
      const mine = Array.from({ length: BATCHES }, (_, batch) => randomBatch(publisher, batch));
      for (const batch of mine)
        failures.push(...(await transport.publish(batch)).filter((result) => result !== undefined));
      return mine.flat();
    });
    published = (await Promise.all(batches)).flat();
    running = false;
    await looking;
  }, 60_000);

  afterAll(async () => {
    await Promise.all(transports.map((transport) => transport.close()));
    await client.end();
    await testDatabase.drop();
  });

  it('get offsets without gaps, and nobody ever sees an offset before the one below it', async () => {
    expect(failures).toEqual([]);
    const { rows } = await client.query<Range>(RANGES);
    expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(published.length);
    expect(rows.filter(({ first, last, count }) => first !== '0' || Number(count) !== Number(last) + 1)).toEqual([]);
    expect(gaps).toEqual([]);
    expect(looks).toBeGreaterThan(5);
    const { rows: ends } = await client.query<{ total: string }>('SELECT sum(next_offset) AS total FROM log.partition');
    expect(Number(ends[0]?.total)).toBe(published.length);
  });

  it('give each partition times that never go back', async () => {
    const { rows } = await client.query(`
      SELECT * FROM (
        SELECT published_at, lag(published_at) OVER (PARTITION BY topic_id, partition ORDER BY "offset") AS before
        FROM log.message
      ) AS m WHERE published_at < before`);
    expect(rows).toEqual([]);
  });

  it('keep the order of their own messages on each topic and key', async () => {
    const { rows } = await client.query<{ topic: string; key: string; payload: Buffer }>(`
      SELECT t.name AS topic, m.key, m.payload FROM log.message m JOIN log.topic t ON t.id = m.topic_id
      ORDER BY topic_id, partition, "offset"`);
    const line = ({ topic, key, payload }: { topic: string; key: string; payload: Uint8Array }) => {
      const [publisher, number] = Buffer.from(payload).toString().split(' ');
      return { of: `${topic} ${key} ${publisher}`, number };
    };
    const inOrder = (lines: readonly { of: string; number: string | undefined }[]) => {
      const byStream = new Map<string, (string | undefined)[]>();
      for (const { of, number } of lines) byStream.set(of, [...(byStream.get(of) ?? []), number]);
      return Object.fromEntries(byStream);
    };
    expect(inOrder(rows.map(line))).toEqual(inOrder(published.map(line)));
  });
});
