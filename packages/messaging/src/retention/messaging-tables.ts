import { AlpesError } from '../errors.js';
import type { SqlClient } from '../sql.js';
import type { DeleteStep } from './cleaner.js';

/**
 * How long a note of what a consumer has in hand stays, in ms. It is of use from the death of the consumer until another
 * receives those messages, which is at once while any is alive.
 */
const IN_HAND_MS = 24 * 3_600_000;

/** A row that somebody works on is left for the next round: so nobody waits here, and there is no deadlock. */
const deleteBefore = (table: string, time: string, which: string): string => `
  DELETE FROM messaging.${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM messaging.${table} WHERE ${which} AND ${time} < now() - $1::float8 * interval '1 millisecond'
    ORDER BY ${time} LIMIT $2::int FOR UPDATE SKIP LOCKED))`;

/** Dead letters stay, so the inbox must not forget what became of a message that has ever died. */
const HAS_NEVER_DIED = `outcome = 'done' AND redrive = 0`;

const IS_NOT_DEAD = `NOT EXISTS (
  SELECT FROM messaging.inbox
  WHERE subscription = large_body.subscription AND message_id = large_body.message_id AND outcome = 'dead')`;

/**
 * What is to be deleted of the schema `messaging`, by table: what the inbox remembers of messages that were handled, the
 * tries of messages that nobody tries any more, the bodies of messages that are no longer dead, all after `retentionMs`;
 * notes of dead consumers after a day.
 */
export function messagingTables(sql: SqlClient, retentionMs: number): Readonly<Record<string, DeleteStep>> {
  const step = (table: string, time: string, keptMs: number, which = 'true'): DeleteStep => {
    const statement = deleteBefore(table, time, which);
    return async (limit) => sql.$executeRawUnsafe(statement, keptMs, limit);
  };
  return {
    'messaging.inbox': step('inbox', 'handled_at', retentionMs, HAS_NEVER_DIED),
    'messaging.attempt': step('attempt', 'tried_at', retentionMs),
    'messaging.large_body': step('large_body', 'stored_at', retentionMs, IS_NOT_DEAD),
    'messaging.in_hand': step('in_hand', 'taken_at', IN_HAND_MS),
  };
}

/** Throws `configuration` if the inbox would forget a message that may still be redriven. */
export function assertInboxOutlivesRedrives(settings: {
  readonly inboxRetentionMs: number;
  readonly redriveHorizonMs: number;
}): void {
  const { inboxRetentionMs, redriveHorizonMs } = settings;
  if (inboxRetentionMs > redriveHorizonMs) return;
  const text = `inboxRetentionMs (${inboxRetentionMs}) must exceed redriveHorizonMs (${redriveHorizonMs})`;
  throw new AlpesError('configuration', text);
}
