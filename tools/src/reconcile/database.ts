import { AlpesError } from '@alpes/messaging';
import { Client } from 'pg';
import type { Pager } from './merge.js';

/** A connection to one of the system's databases. Nothing is ever written through it. */
export interface Database {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Freezes what the statement gives now, and gives it page by page. A connection has one at most. */
  freeze<Row extends object>(sql: string): Promise<Pager<Row>>;
  /** Forgets what was frozen. */
  thaw(): Promise<void>;
  close(): Promise<void>;
}

/** Rows that are read at once. */
const pageSize = 2_000;
const connectTimeoutMs = 5_000;

/** Connects; rejects with `unavailable` and words for a person if that can't be. `name` says whose database it is. */
export async function openDatabase(name: string, url: string): Promise<Database> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'alpes reconcile',
  });
  // A connection that breaks is told of by the query that needs it.
  client.on('error', () => {});
  const tell = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new AlpesError('unavailable', `${what} the database of ${name} (${placeOf(url)}): ${reasonOf(error)}`, {
        cause: error,
      });
    }
  };
  await tell("Can't reach", client.connect());
  const query = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await tell("Can't read", client.query<Row>(sql, [...values]))).rows;
  await query('SET default_transaction_read_only = on');
  return {
    query,
    freeze: async <Row extends object>(sql: string) => {
      await query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // Every row will be read: plan for the last one, not for the first.
      await query('SET LOCAL cursor_tuple_fraction = 1');
      await query(`DECLARE rows NO SCROLL CURSOR FOR ${sql}`);
      return () => query<Row>(`FETCH ${pageSize} FROM rows`);
    },
    thaw: async () => {
      await query('ROLLBACK');
    },
    close: () => client.end(),
  };
}

/** Where it is, without its password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'its URL is none';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** Node tells of several addresses that were tried in an error without words. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
