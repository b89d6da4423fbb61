import { assertPublishable, BATCH_BYTES } from '../size-limit.js';
import { SOON, type SqlClient } from '../sql.js';
import type { OutboxStats, OutboxStore } from './store.js';

/** A larger backlog is told as this number: to count it all, every few seconds, would only make it grow. */
const MOST_COUNTED = 100_000;

/** The channel of NOTIFY on which the relays of one outbox wake each other. */
export const OUTBOX_CHANNEL = 'alpes_outbox';

const APPEND = `
  INSERT INTO messaging.outbox (topic, key, properties, payload)
  SELECT topic, key, properties::json, payload
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY AS m (topic, key, properties, payload, n)
  ORDER BY n`;

/** The first rows that make a batch; a bare `id` in the order would mean the column of the result, and sort by its text. */
const batchOf = (rows: string): string => `
  SELECT id::text, topic, key, properties, payload
  FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY id) - octet_length(payload) AS before FROM (${rows}) AS r)
    AS found
  WHERE before < ${BATCH_BYTES} ORDER BY found.id`;

const PEEK = batchOf(`
  SELECT id, topic, key, properties, payload FROM messaging.outbox
  WHERE topic <> ALL ($2::text[]) ORDER BY id LIMIT $1`);

/**
 * The rows behind an id, and what appeared late before it of their keys. Without `OFFSET 0` and `+ 0` the planner might
 * look for that among all ids instead of by key, when its statistics are those of an outbox that is nearly empty.
 */
const PEEK_AFTER = `
  WITH fresh AS MATERIALIZED (
    SELECT id, topic, key, properties, payload FROM messaging.outbox
    WHERE id > $3::bigint AND topic <> ALL ($2::text[]) ORDER BY id LIMIT $1
  ), late AS (
    SELECT o.* FROM (SELECT DISTINCT topic, key FROM fresh) AS k CROSS JOIN LATERAL (
      SELECT id, topic, key, properties, payload FROM messaging.outbox
      WHERE key = k.key AND topic = k.topic AND id + 0 <= $3::bigint OFFSET 0
    ) AS o
  )
  ${batchOf('SELECT * FROM (SELECT * FROM fresh UNION ALL SELECT * FROM late) AS both_of_them ORDER BY id LIMIT $1')}`;

/** What comes back is published again, which every inbox knows. */
const REMOVE = `${SOON} DELETE FROM messaging.outbox USING soon WHERE id = ANY ($1::bigint[])`;

const ACQUIRE = `
  INSERT INTO messaging.lease (name, owner, expires_at)
  VALUES ('outbox-relay', $1::uuid, clock_timestamp() + $2::int * interval '1 millisecond')
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
  WHERE lease.owner = excluded.owner OR lease.expires_at <= clock_timestamp()`;

/** Tells the relays that listen, so that one of them takes over at once. */
const RELEASE = `
  WITH released AS (DELETE FROM messaging.lease WHERE name = 'outbox-relay' AND owner = $1::uuid RETURNING 1)
  SELECT pg_notify('${OUTBOX_CHANNEL}', '') FROM released`;

/** Ids and times are given together, so the lowest id is the oldest but for the length of a statement. */
const STATS = `
  SELECT (SELECT count(*)::int FROM (SELECT FROM messaging.outbox LIMIT ${MOST_COUNTED}) AS counted) AS pending,
         greatest(0, coalesce(extract(epoch FROM clock_timestamp() - (
           SELECT created_at FROM messaging.outbox ORDER BY id LIMIT 1)), 0))::float8 AS "oldestAgeSeconds"`;

interface Row {
  id: string;
  topic: string;
  key: string;
  properties: Record<string, string>;
  payload: Uint8Array;
}

/** The outbox in the database of a Prisma client: table `messaging.outbox`. */
export function prismaOutboxStore<Tx extends SqlClient>(prisma: SqlClient): OutboxStore<Tx> {
  return {
    append: async (tx, messages) => {
      if (messages.length === 0) return;
      for (const message of messages) assertPublishable(message);
      await tx.$executeRawUnsafe(
        APPEND,
        messages.map((message) => message.topic),
        messages.map((message) => message.key),
        messages.map((message) => JSON.stringify(message.properties)),
        messages.map((message) => Buffer.from(message.payload)),
      );
    },
    peek: async (limit, except = [], after) => {
      const rows =
        after === undefined
          ? await prisma.$queryRawUnsafe<Row[]>(PEEK, limit, except)
          : await prisma.$queryRawUnsafe<Row[]>(PEEK_AFTER, limit, except, after);
      return rows.map(({ id, ...message }) => ({ id, message }));
    },
    remove: async (ids) => {
      await prisma.$executeRawUnsafe(REMOVE, ids);
    },
    acquireLease: async (owner, leaseMs) => (await prisma.$executeRawUnsafe(ACQUIRE, owner, leaseMs)) === 1,
    releaseLease: async (owner) => {
      await prisma.$executeRawUnsafe(RELEASE, owner);
    },
    stats: async () => {
      const [row] = await prisma.$queryRawUnsafe<OutboxStats[]>(STATS);
      return row ?? { pending: 0, oldestAgeSeconds: 0 };
    },
  };
}
