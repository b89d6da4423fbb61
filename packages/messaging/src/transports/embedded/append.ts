import type { TransportMessage } from '../../publisher.js';
import { partitionOf } from '../murmur3.js';
import type { Database } from './database.js';
import type { Topic } from './topics.js';

/**
 * Locks the partitions' rows in one order, whoever appends, and takes the offsets from them. The time is read while the
 * locks are held, so within a partition it grows with the offset.
 */
const APPEND = `
  WITH incoming AS (
    SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::bytea[])
      WITH ORDINALITY AS m (topic_id, partition, key, properties, payload, n)
  ), counts AS (
    SELECT topic_id, partition, count(*) AS count FROM incoming GROUP BY 1, 2
  ), locked AS (
    SELECT p.topic_id, p.number, c.count FROM log.partition p
    JOIN counts c ON c.topic_id = p.topic_id AND c.partition = p.number
    ORDER BY p.topic_id, p.number FOR NO KEY UPDATE OF p
  ), advanced AS (
    UPDATE log.partition p SET next_offset = p.next_offset + l.count FROM locked l
    WHERE p.topic_id = l.topic_id AND p.number = l.number
    RETURNING p.topic_id, p.number, p.next_offset - l.count AS first_offset, clock_timestamp() AS published_at
  )
  INSERT INTO log.message (topic_id, partition, "offset", key, properties, payload, published_at)
  SELECT i.topic_id, i.partition,
         a.first_offset + row_number() OVER (PARTITION BY i.topic_id, i.partition ORDER BY i.n) - 1,
         i.key, i.properties::json, i.payload, a.published_at
  FROM incoming i JOIN advanced a ON a.topic_id = i.topic_id AND a.number = i.partition`;

/** Appends messages, all or none, each to the partition of its key. */
export async function append(
  database: Database,
  messages: readonly { readonly topic: Topic; readonly message: TransportMessage }[],
): Promise<void> {
  await database.query(APPEND, [
    messages.map(({ topic }) => topic.id),
    messages.map(({ topic, message }) => partitionOf(message.key, topic.partitions)),
    messages.map(({ message }) => message.key),
    messages.map(({ message }) => JSON.stringify(message.properties)),
    messages.map(({ message }) => Buffer.from(message.payload)),
  ]);
}
