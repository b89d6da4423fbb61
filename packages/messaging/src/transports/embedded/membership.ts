import { randomUUID } from 'node:crypto';
import type { Database } from './database.js';
import type { Topic } from './topics.js';

/** Shows that this member lives, and returns the living. */
const MEET = `
  WITH me AS (
    INSERT INTO log.member (topic_id, subscription, id, expires_at)
    VALUES ($1, $2, $3::uuid, clock_timestamp() + $4::int * interval '1 millisecond')
    ON CONFLICT (topic_id, subscription, id) DO UPDATE SET expires_at = excluded.expires_at
    RETURNING id
  )
  SELECT id::text FROM me
  UNION ALL
  SELECT id::text FROM log.member
  WHERE topic_id = $1 AND subscription = $2 AND id <> $3::uuid AND expires_at > clock_timestamp()
  ORDER BY id`;

/** One that was only frozen meets the others again. Somebody else may be forgetting the same dead ones. */
const FORGET_THE_DEAD = `
  DELETE FROM log.member m USING (
    SELECT id FROM log.member
    WHERE topic_id = $1 AND subscription = $2 AND expires_at <= clock_timestamp() FOR UPDATE SKIP LOCKED
  ) dead
  WHERE m.topic_id = $1 AND m.subscription = $2 AND m.id = dead.id`;

/** Gives back what is not in the share, renews what is, takes of it what nobody has; locks in the order of partitions. */
const CLAIM = `
  WITH concerned AS (
    SELECT partition FROM log.cursor
    WHERE topic_id = $1 AND subscription = $2 AND (owner = $3::uuid
      OR (partition = ANY ($5::int[]) AND (owner IS NULL OR leased_until <= clock_timestamp())))
    ORDER BY partition FOR UPDATE
  )
  UPDATE log.cursor c SET
    owner = CASE WHEN c.partition = ANY ($5::int[]) THEN $3::uuid END,
    leased_until = CASE WHEN c.partition = ANY ($5::int[]) THEN clock_timestamp() + $4::int * interval '1 millisecond' END
  FROM concerned WHERE c.topic_id = $1 AND c.subscription = $2 AND c.partition = concerned.partition
  RETURNING c.partition, c.owner IS NOT NULL AS mine`;

/** Who is not among the living has nothing, even if his lease would still last. */
const UNATTENDED = `
  SELECT count(*)::int AS unattended FROM log.partition p
  WHERE p.topic_id = $1 AND NOT EXISTS (
    SELECT 1 FROM log.cursor c JOIN log.member m ON m.topic_id = $1 AND m.subscription = $2 AND m.id = c.owner
    WHERE c.topic_id = $1 AND c.subscription = $2 AND c.partition = p.number
      AND c.leased_until > clock_timestamp() AND m.expires_at > clock_timestamp())`;

const LEAVE = `DELETE FROM log.member WHERE topic_id = $1 AND subscription = $2 AND id = $3::uuid`;

/** What a renewal came to. */
export interface Claim {
  /** The partitions that this consumer has now. */
  readonly partitions: readonly number[];
  /** Whether it gave a partition back that somebody else may be waiting for. */
  readonly gaveBack: boolean;
}

/** One consumer's share of a subscription's partitions. */
export interface Membership {
  readonly id: string;
  /**
   * Shows that this consumer lives, gives back the partitions that are not its share and takes those that are and that
   * nobody has.
   */
  renew(): Promise<Claim>;
  leave(): Promise<void>;
}

/** Members, sorted by id, deal the partitions out in turn: everybody who sees the same members sees the same shares. */
export function joinSubscription(database: Database, topic: Topic, subscription: string, leaseMs: number): Membership {
  const id = randomUUID();
  const me = [topic.id, subscription, id];

  const claim = async (share: readonly number[]): Promise<Claim> => {
    const values = [...me, leaseMs, share];
    const rows = await database.query<{ partition: number; mine: boolean }>(CLAIM, values);
    const mine = rows.filter((row) => row.mine);
    return { partitions: mine.map(({ partition }) => partition), gaveBack: mine.length < rows.length };
  };
  return {
    id,
    renew: async () => {
      const members = (await database.query<{ id: string }>(MEET, [...me, leaseMs])).map((member) => member.id);
      const numbers = Array.from({ length: topic.partitions }, (_, number) => number);
      return claim(numbers.filter((number) => members[number % members.length] === id));
    },
    leave: async () => {
      await database.query(LEAVE, me);
      await claim([]);
      await database.query(FORGET_THE_DEAD, [topic.id, subscription]);
    },
  };
}

/** How many partitions of a topic no living consumer of the subscription has. */
export async function unattended(database: Database, topic: Topic, subscription: string): Promise<number> {
  const [row] = await database.query<{ unattended: number }>(UNATTENDED, [topic.id, subscription]);
  return row?.unattended ?? topic.partitions;
}
