import { v4 as uuidv4 } from 'uuid';
import type { Database } from './database.js';
import type { Positions } from './read.js';
import type { Topic } from './topics.js';

const JOIN = `
  INSERT INTO log.member (topic_id, subscription, id, expires_at)
  VALUES ($1, $2, $3::uuid, clock_timestamp() + $4::int * interval '1 millisecond')
  ON CONFLICT (topic_id, subscription, id) DO UPDATE SET expires_at = excluded.expires_at`;

const MEMBERS = `
  WITH dead AS (DELETE FROM log.member WHERE topic_id = $1 AND subscription = $2 AND expires_at <= clock_timestamp())
  SELECT id::text FROM log.member WHERE topic_id = $1 AND subscription = $2 AND expires_at > clock_timestamp() ORDER BY id`;

/** Renews own leases and takes those that nobody has, in the order of the partitions. Returns where each begins. */
const CLAIM = `
  WITH free AS (
    SELECT partition FROM log.cursor
    WHERE topic_id = $1 AND subscription = $2 AND partition = ANY ($5::int[])
      AND (owner IS NULL OR owner = $3::uuid OR leased_until <= clock_timestamp())
    ORDER BY partition FOR UPDATE
  )
  UPDATE log.cursor c SET owner = $3::uuid, leased_until = clock_timestamp() + $4::int * interval '1 millisecond'
  FROM free WHERE c.topic_id = $1 AND c.subscription = $2 AND c.partition = free.partition
    AND (c.owner IS NULL OR c.owner = $3::uuid OR c.leased_until <= clock_timestamp())
  RETURNING c.partition,
    (CASE WHEN c.acknowledged @> 0::bigint THEN (SELECT upper(r) FROM unnest(c.acknowledged) AS r LIMIT 1) ELSE 0 END)::text
      AS position`;

const RELEASE = `
  UPDATE log.cursor SET owner = NULL, leased_until = NULL
  WHERE topic_id = $1 AND subscription = $2 AND owner = $3::uuid AND partition <> ALL ($4::int[])`;

const LEAVE = `DELETE FROM log.member WHERE topic_id = $1 AND subscription = $2 AND id = $3::uuid`;

/** One consumer's share of a subscription's partitions. */
export interface Membership {
  readonly id: string;
  /**
   * Shows that this consumer lives, gives back the partitions that are not its share and takes those that are and that
   * nobody has. Returns, for each partition that it has now, where its first message is that is not acknowledged.
   */
  renew(): Promise<Positions>;
  leave(): Promise<void>;
}

/** Members, sorted by id, deal the partitions out in turn: everybody who sees the same members sees the same shares. */
export function joinSubscription(database: Database, topic: Topic, subscription: string, leaseMs: number): Membership {
  const id = uuidv4();
  const who = [topic.id, subscription] as const;
  return {
    id,
    renew: async () => {
      await database.query(JOIN, [...who, id, leaseMs]);
      const members = (await database.query<{ id: string }>(MEMBERS, who)).map((member) => member.id);
      const share = Array.from({ length: topic.partitions }, (_, number) => number).filter(
        (number) => members[number % members.length] === id,
      );
      await database.query(RELEASE, [...who, id, share]);
      const claimed = await database.query<{ partition: number; position: string }>(CLAIM, [
        ...who,
        id,
        leaseMs,
        share,
      ]);
      return new Map(claimed.map(({ partition, position }) => [partition, BigInt(position)]));
    },
    leave: async () => {
      await database.query(LEAVE, [...who, id]);
      await database.query(RELEASE, [...who, id, []]);
    },
  };
}
