import { AlpesError } from '../../errors.js';
import type { ReceivedMessage } from '../../subscriber.js';
import type { Database } from './database.js';
import type { Topic } from './topics.js';

/** Where a reader is on each of its partitions: the offset that it reads next. */
export type Positions = ReadonlyMap<number, bigint>;

const JOIN_OWNED = `
  JOIN log.cursor c ON c.topic_id = $1 AND c.subscription = $6 AND c.partition = p.number
    AND c.owner = $7::uuid AND c.leased_until > clock_timestamp()`;

/**
 * In turn the next message of each partition, so that a full one does not starve the others. What is acknowledged is
 * leapt over, not looked at: one message that waits for long would have all those behind it read again and again.
 */
const select = (owned: boolean): string => `
  WITH found AS (
    SELECT m.partition, m."offset", m.key, m.properties, m.payload, m.published_at, m.turn
    FROM unnest($2::int[], $3::bigint[]) AS p (number, position)
    ${owned ? JOIN_OWNED : ''}
    CROSS JOIN LATERAL (
      SELECT inside.*, row_number() OVER (ORDER BY inside."offset") AS turn
      FROM unnest(int8multirange(int8range(p.position, NULL)) ${owned ? '- c.acknowledged' : ''}) AS gap
      CROSS JOIN LATERAL (
        SELECT * FROM log.message
        WHERE topic_id = $1 AND partition = p.number AND "offset" >= lower(gap)
          AND "offset" < coalesce(upper(gap), 9223372036854775807)
        ORDER BY "offset" LIMIT $4::int
      ) AS inside
      ORDER BY inside."offset" LIMIT $4::int
    ) AS m
    ORDER BY m.turn, m.partition LIMIT $4::int
  )
  SELECT partition, "offset"::text, key, properties, payload, published_at AS "publishedAt"
  FROM (
    SELECT *, sum(octet_length(payload)) OVER (ORDER BY turn, partition) - octet_length(payload) AS before FROM found
  ) AS measured
  WHERE before < $5::bigint ORDER BY turn, partition`;

const READ_ALL = select(false);
const READ_OWNED = select(true);

interface Row {
  partition: number;
  offset: string;
  key: string;
  properties: Record<string, string>;
  payload: Uint8Array;
  publishedAt: Date;
}

/** How much is read at once: messages, and bytes of payloads after which no other is read. */
export interface Portion {
  readonly max: number;
  readonly bytes: number;
}

/** Reads on from the positions, a portion at most; with an owner only from partitions that are leased to it. */
export async function read(
  database: Database,
  topic: Topic,
  positions: Positions,
  { max, bytes }: Portion,
  owned?: { readonly subscription: string; readonly owner: string },
): Promise<ReceivedMessage[]> {
  if (positions.size === 0) return [];
  const values = [topic.id, [...positions.keys()], [...positions.values()].map(String), max, bytes];
  const rows = owned
    ? await database.query<Row>(READ_OWNED, [...values, owned.subscription, owned.owner])
    : await database.query<Row>(READ_ALL, values);
  return rows.map(({ partition, offset, key, properties, payload, publishedAt }) => ({
    topic: topic.name,
    partition,
    position: formatPosition(partition, offset),
    key,
    properties,
    payload,
    publishedAt,
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

/** Throws `invalid-input` if it is a position of another transport. */
export function parsePosition(position: string): { partition: number; offset: bigint } {
  const [, partition, offset] = /^(\d+):(\d+)$/.exec(position) ?? [];
  if (partition === undefined || offset === undefined) {
    throw new AlpesError('invalid-input', `"${position}" is no position of this log: it has none like 3:141`);
  }
  return { partition: Number(partition), offset: BigInt(offset) };
}
