import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { scalable } from '../../start/system.js';
import type { AnyDatabase } from '../site/postgres.js';
import { type FaultKind, inSeconds, someTime } from './fault.js';

/** What the transaction does before it stands still. */
const DOINGS = {
  'long-transaction': {
    text: 'has a transaction that stays open',
    sql: 'SELECT pg_current_xact_id()',
    longestMs: 10_000,
  },
  'locked-table': {
    text: 'has its outbox locked',
    sql: 'LOCK TABLE messaging.outbox IN ACCESS EXCLUSIVE MODE',
    longestMs: 4_000,
  },
} as const;

/** Somebody opens a transaction in a service's database, and leaves it open. */
export function longTransaction(name: keyof typeof DOINGS): FaultKind {
  const { text, sql, longestMs } = DOINGS[name];
  return {
    name,
    weight: 1,
    victims: () => scalable,
    prepare: (victim, random) => {
      const ms = someTime(random, 500, longestMs);
      return {
        text: `${text} for ${inSeconds(ms)}`,
        play: async ({ postgres }) => {
          const client = new Client({ connectionString: postgres.adminUrl(victim as AnyDatabase) });
          client.on('error', () => {});
          try {
            await client.connect();
            await client.query('BEGIN');
            await client.query(sql);
            await delay(ms);
            await client.query('COMMIT');
            return undefined;
          } catch (error) {
            return `it ended early: ${(error as Error).message}`;
          } finally {
            await client.end().catch(() => {});
          }
        },
      };
    },
  };
}
