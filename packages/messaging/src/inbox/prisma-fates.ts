import type { SqlClient } from '../sql.js';
import type { Fate, FateStore } from './store.js';

const FATES = `
  SELECT message_id::text AS "messageId", outcome, redrive, redriven FROM messaging.inbox
  WHERE subscription = $1 AND message_id = ANY ($2::uuid[])`;

/** In the order in which `claim` locks them. */
const HOLD = `${FATES} ORDER BY message_id FOR UPDATE`;

const MARK_REDRIVEN = `
  INSERT INTO messaging.inbox (subscription, message_id, outcome, redrive, redriven)
  SELECT $1, m.message_id, 'dead', m.redrive, m.redrive + 1
  FROM unnest($2::uuid[], $3::int[]) AS m (message_id, redrive)
  ORDER BY m.message_id
  ON CONFLICT (subscription, message_id) DO UPDATE
    SET outcome = 'dead', redrive = excluded.redrive, redriven = excluded.redriven, handled_at = excluded.handled_at
    WHERE inbox.outcome <> 'done' AND inbox.redrive <= excluded.redrive AND inbox.redriven <= excluded.redrive
  RETURNING message_id::text AS "messageId"`;

const MARK_DROPPED = `
  UPDATE messaging.inbox SET outcome = 'dropped'
  FROM unnest($2::uuid[], $3::int[]) AS m (message_id, redrive)
  WHERE inbox.subscription = $1 AND inbox.message_id = m.message_id
    AND inbox.outcome = 'dead' AND inbox.redrive <= m.redrive AND inbox.redriven <= m.redrive
  RETURNING inbox.message_id::text AS "messageId"`;

const LARGE_BODY = `SELECT body FROM messaging.large_body WHERE subscription = $1 AND message_id = $2::uuid`;

const COUNT_DEAD = `
  SELECT count(*)::int AS count FROM messaging.inbox
  WHERE subscription = $1 AND outcome = 'dead' AND redriven <= redrive`;

type Row = Fate & { readonly messageId: string };

/** The part of the inbox that is about the dead: tables `messaging.inbox` and `messaging.large_body`. */
export function prismaFateStore<Tx extends SqlClient>(prisma: SqlClient): FateStore<Tx> {
  const read = async (client: SqlClient, sql: string, subscription: string, ids: readonly string[]) => {
    const rows = await client.$queryRawUnsafe<Row[]>(sql, subscription, ids);
    return new Map(rows.map(({ messageId, ...fate }) => [messageId, fate]));
  };
  const mark =
    (sql: string): FateStore<Tx>['markRedriven'] =>
    async (tx, subscription, messages) => {
      const ids = messages.map(({ messageId }) => messageId);
      const redrives = messages.map(({ redrive }) => redrive);
      const rows = await tx.$queryRawUnsafe<{ messageId: string }[]>(sql, subscription, ids, redrives);
      return new Set(rows.map(({ messageId }) => messageId));
    };
  return {
    fatesOf: (subscription, ids) => read(prisma, FATES, subscription, ids),
    holdFates: (tx, subscription, ids) => read(tx, HOLD, subscription, ids),
    markRedriven: mark(MARK_REDRIVEN),
    markDropped: mark(MARK_DROPPED),
    largeBody: async (subscription, messageId, tx) => {
      const client = tx ?? prisma;
      const rows = await client.$queryRawUnsafe<{ body: Uint8Array }[]>(LARGE_BODY, subscription, messageId);
      return rows[0]?.body;
    },
    countDead: async (subscription) => {
      const rows = await prisma.$queryRawUnsafe<{ count: number }[]>(COUNT_DEAD, subscription);
      return rows[0]?.count ?? 0;
    },
  };
}
