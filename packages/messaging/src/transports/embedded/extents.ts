import type { Extent } from '../../inspector.js';
import type { Database } from './database.js';
import { formatPosition } from './read.js';
import type { Topic } from './topics.js';

const EXTENTS = `
  SELECT p.number, coalesce(kept."offset", p.next_offset)::text AS first, p.next_offset::text AS next
  FROM log.partition p
  LEFT JOIN LATERAL (
    SELECT "offset" FROM log.message WHERE topic_id = p.topic_id AND partition = p.number ORDER BY "offset" LIMIT 1
  ) AS kept ON true
  WHERE p.topic_id = $1 ORDER BY p.number`;

interface Row {
  number: number;
  first: string;
  next: string;
}

/** As {@link Inspector.extents}: offsets begin at 0 and have no gaps, and the log is cut at its front. */
export async function extents(database: Database, topic: Topic): Promise<Extent[]> {
  const rows = await database.query<Row>(EXTENTS, [topic.id]);
  return rows.map(({ number, first, next }) => ({
    end: first === next ? undefined : formatPosition(number, BigInt(next) - 1n),
    cut: first === '0' ? undefined : `its first ${first} messages are gone`,
  }));
}
