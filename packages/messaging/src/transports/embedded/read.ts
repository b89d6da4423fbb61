import type { ReceivedMessage } from '../../subscriber.js';
import type { Database } from './database.js';
import type { Topic } from './topics.js';

/** Where a reader is on each of its partitions: the offset that it reads next. */
export type Positions = ReadonlyMap<number, bigint>;

/** Of each partition the same share, so that a full one does not starve the others. */
const READ_OWNED = `
  SELECT m.partition, m."offset"::text, m.key, m.properties, m.payload, m.published_at AS "publishedAt"
  FROM unnest($2::int[], $3::bigint[]) AS p (number, position)
  JOIN log.cursor c ON c.topic_id = $1 AND c.subscription = $5 AND c.partition = p.number
    AND c.owner = $6::uuid AND c.leased_until > clock_timestamp()
  CROSS JOIN LATERAL (
    SELECT * FROM log.message m
    WHERE m.topic_id = $1 AND m.partition = p.number AND m."offset" >= p.position AND NOT c.acknowledged @> m."offset"
    ORDER BY m."offset" LIMIT $4::int
  ) m
  ORDER BY m.partition, m."offset"`;

const READ_ALL = `
  SELECT m.partition, m."offset"::text, m.key, m.properties, m.payload, m.published_at AS "publishedAt"
  FROM unnest($2::int[], $3::bigint[]) AS p (number, position)
  CROSS JOIN LATERAL (
    SELECT * FROM log.message m
    WHERE m.topic_id = $1 AND m.partition = p.number AND m."offset" >= p.position
    ORDER BY m."offset" LIMIT $4::int
  ) m
  ORDER BY m.partition, m."offset"`;

interface Row {
  partition: number;
  offset: string;
  key: string;
  properties: Record<string, string>;
  payload: Uint8Array;
  publishedAt: Date;
}

/** Reads on from the positions, at most `max` messages; with an owner only from partitions that are leased to it. */
export async function read(
  database: Database,
  topic: Topic,
  positions: Positions,
  max: number,
  owned?: { readonly subscription: string; readonly owner: string },
): Promise<ReceivedMessage[]> {
  if (positions.size === 0) return [];
  const share = Math.max(1, Math.floor(max / positions.size));
  const values = [topic.id, [...positions.keys()], [...positions.values()].map(String), share];
  const rows = owned
    ? await database.query<Row>(READ_OWNED, [...values, owned.subscription, owned.owner])
    : await database.query<Row>(READ_ALL, values);
  return rows.map(({ offset, ...message }) => ({
    ...message,
    topic: topic.name,
    position: formatPosition(message.partition, offset),
  }));
}

/** The positions behind these messages. */
export function advance(positions: Positions, messages: readonly ReceivedMessage[]): Positions {
  const next = new Map(positions);
  for (const { position } of messages) {
    const { partition, offset } = parsePosition(position);
    next.set(partition, offset + 1n);
  }
  return next;
}

/** A position of this log: partition and offset. */
export function formatPosition(partition: number, offset: bigint | string): string {
  return `${partition}:${offset}`;
}

export function parsePosition(position: string): { partition: number; offset: bigint } {
  const [partition = '', offset = ''] = position.split(':');
  return { partition: Number(partition), offset: BigInt(offset) };
}
