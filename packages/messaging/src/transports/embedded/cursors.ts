import type { ReceivedMessage } from '../../subscriber.js';
import type { Database } from './database.js';
import { parsePosition, type Positions } from './read.js';
import type { Topic } from './topics.js';

const CREATE = `
  INSERT INTO log.cursor (topic_id, subscription, partition, acknowledged)
  SELECT $1, $2, p.number, CASE WHEN p.position = 0 THEN '{}' ELSE int8multirange(int8range(0, p.position)) END
  FROM unnest($3::int[], $4::bigint[]) AS p (number, position) ORDER BY p.number
  ON CONFLICT DO NOTHING`;

/**
 * A set of offsets: what is acknowledged twice, or late by one who lost the partition, changes nothing. Rows are locked
 * in the order in which claims lock them. Its commit waits for the disk: a consumer reads on from where it is, and would
 * not repeat what a crash of the database takes back.
 */
const ACKNOWLEDGE = `
  WITH acknowledged AS (
    SELECT partition, range_agg(int8range("offset", "offset" + 1)) AS offsets
    FROM unnest($3::int[], $4::bigint[]) AS m (partition, "offset") GROUP BY partition
  ), locked AS (
    SELECT c.partition, a.offsets FROM log.cursor c JOIN acknowledged a ON a.partition = c.partition
    WHERE c.topic_id = $1 AND c.subscription = $2
    ORDER BY c.partition FOR UPDATE OF c
  )
  UPDATE log.cursor c SET acknowledged = c.acknowledged + l.offsets FROM locked l
  WHERE c.topic_id = $1 AND c.subscription = $2 AND c.partition = l.partition`;

/** Of what is kept, what is not in the set: the log is cut at its front, and what is gone nobody receives. */
const BACKLOG = `
  SELECT coalesce(sum(upper(r) - lower(r)), 0)::text AS backlog
  FROM log.partition p
  LEFT JOIN log.cursor c ON c.topic_id = p.topic_id AND c.partition = p.number AND c.subscription = $2
  CROSS JOIN LATERAL (
    SELECT coalesce((
      SELECT "offset" FROM log.message WHERE topic_id = p.topic_id AND partition = p.number ORDER BY "offset" LIMIT 1
    ), p.next_offset) AS first_offset
  ) AS kept
  CROSS JOIN LATERAL unnest(
    int8multirange(int8range(kept.first_offset, p.next_offset)) - coalesce(c.acknowledged, '{}')) AS r
  WHERE p.topic_id = $1`;

const HAS_ACKNOWLEDGED = `
  SELECT p.number, coalesce(c.acknowledged @> int8range(0, p."offset", '[]'), false) AS done
  FROM unnest($3::int[], $4::bigint[]) AS p (number, "offset")
  LEFT JOIN log.cursor c ON c.topic_id = $1 AND c.subscription = $2 AND c.partition = p.number`;

/** What a durable subscription remembers of each partition: the offsets that were acknowledged. */
export interface Cursors {
  /** Creates those that do not exist; what is before `start` counts as acknowledged. */
  create(start: Positions): Promise<void>;
  acknowledge(messages: readonly ReceivedMessage[]): Promise<void>;
  /** Whether all up to each of these positions, and with it, is acknowledged. */
  hasAcknowledged(ends: readonly (string | undefined)[]): Promise<boolean[]>;
  /** How many messages are not acknowledged; all of the topic's that are kept if the subscription does not exist. */
  backlog(): Promise<number>;
}

export function cursorsOf(database: Database, topic: Topic, subscription: string): Cursors {
  const which = [topic.id, subscription];
  return {
    create: async (start) => {
      await database.query(CREATE, [...which, [...start.keys()], [...start.values()].map(String)]);
    },
    acknowledge: async (messages) => {
      if (messages.length === 0) return;
      const places = messages.map(({ position }) => parsePosition(position));
      const partitions = places.map(({ partition }) => partition);
      await database.query(ACKNOWLEDGE, [...which, partitions, places.map(({ offset }) => String(offset))]);
    },
    hasAcknowledged: async (ends) => {
      const places = ends.flatMap((end) => (end === undefined ? [] : [parsePosition(end)]));
      const partitions = places.map(({ partition }) => partition);
      const offsets = places.map(({ offset }) => String(offset));
      const values = [...which, partitions, offsets];
      const rows = await database.query<{ number: number; done: boolean }>(HAS_ACKNOWLEDGED, values);
      const done = new Map(rows.map((row) => [row.number, row.done]));
      return ends.map((_, partition) => done.get(partition) ?? true);
    },
    backlog: async () => {
      const [row] = await database.query<{ backlog: string }>(BACKLOG, which);
      return Number(row?.backlog ?? 0);
    },
  };
}
