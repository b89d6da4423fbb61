import type { Database } from './database.js';

/**
 * Cuts the log at its front: of each partition the messages before the first that some subscription has not
 * acknowledged, as far as they are old. Only a topic with subscriptions has cursors, so dead letters stay. Times grow
 * with the offsets, so a partition whose first message is young has nothing old, and costs no more than that look.
 */
const CUT = `
  WITH front AS (
    SELECT c.topic_id, c.partition,
           min(lower(int8multirange(int8range(first."offset", NULL)) - c.acknowledged)) AS unacknowledged
    FROM log.cursor c
    CROSS JOIN LATERAL (
      SELECT "offset", published_at FROM log.message
      WHERE topic_id = c.topic_id AND partition = c.partition ORDER BY "offset" LIMIT 1
    ) AS first
    WHERE first.published_at < now() - $1::float8 * interval '1 millisecond'
    GROUP BY c.topic_id, c.partition
  ), old AS (
    SELECT m.topic_id, m.partition, m."offset" FROM front f
    CROSS JOIN LATERAL (
      SELECT topic_id, partition, "offset", published_at FROM log.message
      WHERE topic_id = f.topic_id AND partition = f.partition AND "offset" < f.unacknowledged
      ORDER BY "offset" LIMIT $2::int
    ) AS m
    WHERE m.published_at < now() - $1::float8 * interval '1 millisecond'
    LIMIT $2::int
  ), deleted AS (
    DELETE FROM log.message WHERE ctid = ANY (ARRAY(
      SELECT m.ctid FROM log.message m JOIN old USING (topic_id, partition, "offset") FOR UPDATE OF m SKIP LOCKED))
    RETURNING 1
  )
  SELECT count(*)::int AS count FROM deleted`;

/**
 * Deletes up to `limit` messages that are older than `retentionMs` and that every durable subscription of their topic
 * has acknowledged; returns how many. Touches neither cursors nor partitions, so nobody who appends, receives or
 * acknowledges waits.
 */
export async function cutLog(database: Pick<Database, 'query'>, retentionMs: number, limit: number): Promise<number> {
  const [row] = await database.query<{ count: number }>(CUT, [retentionMs, limit]);
  return row?.count ?? 0;
}
