import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { run } from './bulk.js';
import type { BareBroker, Received } from './messages.js';

const TOPICS = 'SELECT id, name, partitions FROM log.topic';

/** The messages of a batch in turn to the partitions, all to the same ones: as cheap as it gets. */
const PUBLISH = `
  WITH incoming AS (
    SELECT * FROM unnest($2::int[], $3::text[], $4::json[], $5::bytea[]) WITH ORDINALITY
      AS m (partition, key, properties, payload, n)
  ), counts AS (
    SELECT partition, count(*) AS count FROM incoming GROUP BY partition
  ), advanced AS (
    UPDATE log.partition p SET next_offset = p.next_offset + c.count FROM counts c
    WHERE p.topic_id = $1 AND p.number = c.partition RETURNING p.number, p.next_offset - c.count AS first
  )
  INSERT INTO log.message (topic_id, partition, "offset", key, properties, payload, published_at)
  SELECT $1, i.partition, a.first + row_number() OVER (PARTITION BY i.partition ORDER BY i.n) - 1, i.key, i.properties,
         i.payload, now()
  FROM incoming i JOIN advanced a ON a.number = i.partition`;

const READ = `
  SELECT m.partition, m."offset"::text AS "offset", m.key, m.properties, m.payload, m.published_at
  FROM unnest($2::int[], $3::bigint[]) AS p (number, position) CROSS JOIN LATERAL (
    SELECT * FROM log.message WHERE topic_id = $1 AND partition = p.number AND "offset" >= p.position
    ORDER BY "offset" LIMIT $4) AS m`;

const ACKNOWLEDGE = `
  UPDATE log.cursor c SET acknowledged = int8multirange(int8range(0, p.position))
  FROM unnest($3::int[], $4::bigint[]) AS p (number, position)
  WHERE c.topic_id = $1 AND c.subscription = $2 AND c.partition = p.number`;

const START = 'SELECT number, next_offset::text AS position FROM log.partition WHERE topic_id = $1 ORDER BY number';

/** Most messages of a partition in one read, and how long in ms whoever finds none waits. */
const AT_ONCE = 100;
const IDLE_MS = 5;

interface Topic {
  readonly id: number;
  readonly name: string;
  readonly partitions: number;
}

/** The log in PostgreSQL, with bare SQL over a connection for each who publishes or consumes. Who consumes begins at its end. */
export async function openBareLog(databaseUrl: string): Promise<BareBroker> {
  const clients: Client[] = [];
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: databaseUrl });
    clients.push(client);
    await client.connect();
    return client;
  };
  const asking = await connect();
  const topics = new Map((await run<Topic>(asking, 'topics', TOPICS)).map((topic) => [topic.name, topic]));
  const topicOf = (name: string): Topic => topics.get(name) as Topic;
  const starts = new Map<string, readonly bigint[]>();
  for (const { id, name } of topics.values()) {
    const rows = await run<{ position: string }>(asking, 'start', START, [id]);
    starts.set(
      name,
      rows.map(({ position }) => BigInt(position)),
    );
  }
  const publishers = new Map<string, Promise<Client>>();
  return {
    publish: async (name, messages) => {
      const publisher = publishers.get(name) ?? connect();
      publishers.set(name, publisher);
      const { id, partitions } = topicOf(name);
      await run(await publisher, 'publish', PUBLISH, [
        id,
        messages.map((_, index) => index % partitions),
        messages.map(({ key }) => key),
        messages.map(({ properties }) => JSON.stringify(properties)),
        messages.map(({ payload }) => payload),
      ]);
    },
    consume: async (name, subscription, count, take) => {
      const client = await connect();
      const { id } = topicOf(name);
      const positions = [...(starts.get(name) ?? [])];
      for (let taken = 0; taken < count;) {
        const numbers = positions.map((_, number) => number);
        const values = [id, numbers, positions.map(String), AT_ONCE];
        const rows = await run<Received & { partition: number; offset: string }>(client, 'read', READ, values);
        if (rows.length === 0) await delay(IDLE_MS);
        for (const { partition, offset, ...message } of rows) {
          positions[partition] = BigInt(offset) + 1n;
          take(message);
        }
        taken += rows.length;
        if (rows.length > 0)
          await run(client, 'acknowledge', ACKNOWLEDGE, [id, subscription, numbers, positions.map(String)]);
      }
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
