import { AlpesError } from '../errors.js';
import type { SqlClient } from '../sql.js';
import type { DeleteStep } from './cleaner.js';

/**
 * How long a note of what a consumer has in hand stays, in ms. It is of use from the death of the consumer until another
 * receives those messages, which is at once while any is alive.
 */
const IN_HAND_MS = 24 * 3_600_000;

/** A row that somebody works on is left for the next round: so nobody waits here, and there is no deadlock. */
const deleteBefore = (table: string, time: string): string => `
  DELETE FROM messaging.${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM messaging.${table} WHERE ${time} < now() - $1::float8 * interval '1 millisecond'
    ORDER BY ${time} LIMIT $2::int FOR UPDATE SKIP LOCKED))`;

/**
 * What is to be deleted of the schema `messaging`, by table: what the inbox remembers, the tries of messages that nobody
 * tries any more, the bodies that go with dead letters, all after `retentionMs`; notes of dead consumers after a day.
 */
export function messagingTables(sql: SqlClient, retentionMs: number): Readonly<Record<string, DeleteStep>> {
  const step = (table: string, time: string, keptMs: number): DeleteStep => {
    const statement = deleteBefore(table, time);
    return async (limit) => sql.$executeRawUnsafe(statement, keptMs, limit);
  };
  return {
    'messaging.inbox': step('inbox', 'handled_at', retentionMs),
    'messaging.attempt': step('attempt', 'tried_at', retentionMs),
    'messaging.large_body': step('large_body', 'stored_at', retentionMs),
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
