import { SOON, type SqlClient } from '../sql.js';
import { prismaFateStore } from './prisma-fates.js';
import type { InboxStore } from './store.js';

/**
 * Ordered by id, so that two batches with the same messages wait for each other instead of deadlocking. The tries are
 * deleted last, as PostgreSQL does with what a statement itself does not read: who holds a try's row holds the inbox's.
 */
const CLAIM = `
  WITH tries AS (DELETE FROM messaging.attempt WHERE subscription = $1 AND message_id = ANY ($2::uuid[]))
  INSERT INTO messaging.inbox (subscription, message_id, outcome, redrive)
  SELECT $1, m.message_id, 'done', m.redrive
  FROM unnest($2::uuid[], $3::int[]) AS m (message_id, redrive)
  ORDER BY m.message_id
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET outcome = 'done', redrive = excluded.redrive, handled_at = excluded.handled_at
    WHERE inbox.outcome = 'dead' AND inbox.redrive < excluded.redrive
  RETURNING message_id::text AS "messageId"`;

const MARK_DEAD = `
  WITH tries AS (DELETE FROM messaging.attempt WHERE subscription = $1 AND message_id = $2::uuid)
  INSERT INTO messaging.inbox (subscription, message_id, outcome, redrive)
  VALUES ($1, $2::uuid, 'dead', $3::int)
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET redrive = excluded.redrive, handled_at = excluded.handled_at
    WHERE inbox.outcome = 'dead' AND inbox.redrive < excluded.redrive`;

/** The note has to outlive this process, not the database. */
const TAKE_IN_HAND = `
  ${SOON}, noted AS (
    INSERT INTO messaging.in_hand (consumer, subscription, message_ids)
    SELECT $1::uuid, $2, $3::uuid[] FROM soon
    ON CONFLICT (consumer) DO UPDATE SET message_ids = excluded.message_ids, taken_at = excluded.taken_at
  )
  SELECT EXISTS (
    SELECT FROM messaging.in_hand WHERE subscription = $2 AND consumer <> $1::uuid AND message_ids && $3::uuid[]
  ) AS "hadByAnother"`;

const PUT_DOWN = `DELETE FROM messaging.in_hand WHERE consumer = $1::uuid`;

/** As the note: a message that ends the database is not told from an outage, and does not count. */
const COUNT_ATTEMPT = `
  ${SOON}
  INSERT INTO messaging.attempt (subscription, message_id, attempts)
  SELECT $1, $2::uuid, 1 FROM soon
  WHERE NOT EXISTS (
    SELECT FROM messaging.inbox
    WHERE subscription = $1 AND message_id = $2::uuid AND NOT (outcome = 'dead' AND redrive < $3::int)
  )
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET attempts = attempt.attempts + 1, tried_at = excluded.tried_at
  RETURNING attempts`;

const UNCOUNT_ATTEMPT = `
  UPDATE messaging.attempt SET attempts = attempts - 1
  WHERE subscription = $1 AND message_id = $2::uuid AND attempts > 0`;

const KEEP_LARGE_BODY = `
  INSERT INTO messaging.large_body (subscription, message_id, body) VALUES ($1, $2::uuid, $3)
  ON CONFLICT (subscription, message_id) DO NOTHING`;

/** The inbox in the database of a Prisma client: tables `messaging.inbox`, `attempt`, `in_hand` and `large_body`. */
export function prismaInboxStore<Tx extends SqlClient>(prisma: SqlClient): InboxStore<Tx> {
  return {
    ...prismaFateStore<Tx>(prisma),
    claim: async (tx, subscription, messages) => {
      const ids = messages.map((message) => message.messageId);
      const redrives = messages.map((message) => message.redrive);
      const rows = await tx.$queryRawUnsafe<{ messageId: string }[]>(CLAIM, subscription, ids, redrives);
      return new Set(rows.map((row) => row.messageId));
    },
    markDead: async (tx, subscription, { messageId, redrive }) =>
      (await tx.$executeRawUnsafe(MARK_DEAD, subscription, messageId, redrive)) === 1,
    takeInHand: async (consumer, subscription, messageIds) => {
      const sql = TAKE_IN_HAND;
      const rows = await prisma.$queryRawUnsafe<{ hadByAnother: boolean }[]>(sql, consumer, subscription, messageIds);
      return rows[0]?.hadByAnother ?? true;
    },
    putDown: async (consumer) => {
      await prisma.$executeRawUnsafe(PUT_DOWN, consumer);
    },
    countAttempt: async (subscription, { messageId, redrive }) => {
      const sql = COUNT_ATTEMPT;
      const rows = await prisma.$queryRawUnsafe<{ attempts: number }[]>(sql, subscription, messageId, redrive);
      return rows[0]?.attempts;
    },
    uncountAttempt: async (subscription, messageId) => {
      await prisma.$executeRawUnsafe(UNCOUNT_ATTEMPT, subscription, messageId);
    },
    keepLargeBody: async (tx, subscription, messageId, body) => {
      await tx.$executeRawUnsafe(KEEP_LARGE_BODY, subscription, messageId, Buffer.from(body));
    },
  };
}
