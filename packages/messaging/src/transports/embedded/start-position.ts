import type { SubscribeOptions } from '../../subscriber.js';
import type { Database } from './database.js';
import type { Positions } from './read.js';
import type { Topic } from './topics.js';

/** Offsets begin at 0, and within a partition times grow with them. */
const FIRST_SINCE = `
  SELECT p.number, coalesce(min(m."offset"), p.next_offset)::text AS position
  FROM log.partition p
  LEFT JOIN log.message m ON m.topic_id = p.topic_id AND m.partition = p.number AND m.published_at >= $2::timestamptz
  WHERE p.topic_id = $1 GROUP BY p.number, p.next_offset ORDER BY p.number`;

const ENDS = `SELECT number, next_offset::text AS position FROM log.partition WHERE topic_id = $1 ORDER BY number`;

interface Row {
  number: number;
  position: string;
}

/** Where a new subscription begins on each partition. */
export async function startPositions(
  database: Database,
  topic: Topic,
  from: SubscribeOptions['from'],
): Promise<Positions> {
  if (from === 'earliest') return new Map(Array.from({ length: topic.partitions }, (_, number) => [number, 0n]));
  const rows =
    from === 'latest'
      ? await database.query<Row>(ENDS, [topic.id])
      : await database.query<Row>(FIRST_SINCE, [topic.id, from]);
  return new Map(rows.map(({ number, position }) => [number, BigInt(position)]));
}

/** How many messages each partition has ever had, by its number. */
export async function endPositions(database: Database, topic: Topic): Promise<bigint[]> {
  const rows = await database.query<Row>(ENDS, [topic.id]);
  return rows.map(({ position }) => BigInt(position));
}
