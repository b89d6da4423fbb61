import type { SqlClient } from '../sql.js';
import type { InboxStore } from './store.js';

/** Ordered by id, so that two batches with the same messages wait for each other instead of deadlocking. */
const CLAIM = `
  INSERT INTO messaging.inbox (subscription, message_id, outcome, redrive)
  SELECT $1, m.message_id, 'done', m.redrive
  FROM unnest($2::uuid[], $3::int[]) AS m (message_id, redrive)
  ORDER BY m.message_id
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET outcome = 'done', redrive = excluded.redrive, handled_at = excluded.handled_at
    WHERE inbox.outcome = 'dead' AND inbox.redrive < excluded.redrive
  RETURNING message_id::text AS "messageId"`;

const MARK_DEAD = `
  INSERT INTO messaging.inbox (subscription, message_id, outcome, redrive)
  VALUES ($1, $2::uuid, 'dead', $3::int)
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET redrive = excluded.redrive, handled_at = excluded.handled_at
    WHERE inbox.outcome = 'dead' AND inbox.redrive < excluded.redrive`;

const COUNT_ATTEMPT = `
  INSERT INTO messaging.attempt (subscription, message_id, attempts)
  VALUES ($1, $2::uuid, 1)
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET attempts = attempt.attempts + 1, tried_at = excluded.tried_at
  RETURNING attempts`;

const CLEAR_ATTEMPTS = `DELETE FROM messaging.attempt WHERE subscription = $1 AND message_id = $2::uuid`;

const KEEP_LARGE_BODY = `
  INSERT INTO messaging.large_body (subscription, message_id, body) VALUES ($1, $2::uuid, $3)
  ON CONFLICT (subscription, message_id) DO NOTHING`;

/** The inbox in the database of a Prisma client: tables `messaging.inbox`, `attempt` and `large_body`. */
export function prismaInboxStore<Tx extends SqlClient>(prisma: SqlClient): InboxStore<Tx> {
  return {
    claim: async (tx, subscription, messages) => {
      const ids = messages.map((message) => message.messageId);
      const redrives = messages.map((message) => message.redrive);
      const rows = await tx.$queryRawUnsafe<{ messageId: string }[]>(CLAIM, subscription, ids, redrives);
      return new Set(rows.map((row) => row.messageId));
    },
    markDead: async (tx, subscription, { messageId, redrive }) =>
      (await tx.$executeRawUnsafe(MARK_DEAD, subscription, messageId, redrive)) === 1,
    countAttempt: async (subscription, messageId) => {
      const rows = await prisma.$queryRawUnsafe<{ attempts: number }[]>(COUNT_ATTEMPT, subscription, messageId);
      return rows[0]?.attempts ?? 1;
    },
    clearAttempts: async (tx, subscription, messageId) => {
      await tx.$executeRawUnsafe(CLEAR_ATTEMPTS, subscription, messageId);
    },
    keepLargeBody: async (tx, subscription, messageId, body) => {
      await tx.$executeRawUnsafe(KEEP_LARGE_BODY, subscription, messageId, Buffer.from(body));
    },
  };
}
