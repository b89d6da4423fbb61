import type { Socket } from 'node:net';
import { Pool, type PoolClient } from 'pg';
import { AlpesError } from '../../errors.js';
import { givingUpAfter } from '../../postgres/silence.js';
import { createStatementNames } from '../../postgres/statement-names.js';

/** Connections to the log's database, whose failures are AlpesErrors. */
export interface Database {
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  inTransaction<R>(work: (query: Database['query']) => Promise<R>): Promise<R>;
  /** Resolves when nothing is under way any more. */
  close(): Promise<void>;
  /** Waits for no answer any more: what is under way fails, and so does what comes. */
  abandon(): void;
}

/** No query of the log takes long: one without an answer after this time, in ms, has lost its server. */
const ANSWER_TIMEOUT_MS = 30_000;

export function openDatabase(connectionString: string): Database {
  const sockets = breakableSockets();
  const nameOf = createStatementNames();
  const pool = new Pool({
    connectionString,
    max: 6,
    connectionTimeoutMillis: 5_000,
    stream: sockets.open,
    keepAlive: true,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'alpes embedded log',
  });
  // A connection that breaks is replaced at the next query, which says what is wrong. In use or not, nobody else listens.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const on = (client: Pick<PoolClient, 'query'>): Database['query'] =>
    async function query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
      const { rows } = await client.query<Row>({ name: nameOf(sql), text: sql, values: [...values] });
      return rows;
    };
  let closing: Promise<void> | undefined;
  return {
    query: (sql, values) => asAlpesError(on(pool)(sql, values)),
    inTransaction: (work) => asAlpesError(transaction(pool, (client) => work(on(client)))),
    close: () => (closing ??= pool.end()),
    abandon: sockets.breakAll,
  };
}

/** Sockets that can be broken all at once; one that is opened after that is broken too, as soon as it begins to connect. */
function breakableSockets(): { open(): Socket; breakAll(): void } {
  const open = new Set<Socket>();
  const connect = givingUpAfter(ANSWER_TIMEOUT_MS);
  let areBroken = false;
  return {
    open: () => {
      const socket = connect();
      open.add(socket.once('close', () => open.delete(socket)));
      if (areBroken) process.nextTick(() => socket.destroy());
      return socket;
    },
    breakAll: () => {
      areBroken = true;
      for (const socket of open) socket.destroy();
    },
  };
}

async function transaction<R>(pool: Pool, work: (client: PoolClient) => Promise<R>): Promise<R> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollback: unknown) => {
      broken = AlpesError.from(rollback);
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function asAlpesError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw toAlpesError(thrown);
  }
}

/** A schema or a table that does not exist: nobody has declared a topic yet. */
const NOT_DECLARED = new Set(['3F000', '42P01']);

/** Who uses a broker knows no rows and locks: whatever will get better by itself is `unavailable`. */
function toAlpesError(thrown: unknown): AlpesError {
  const error = AlpesError.from(thrown);
  if (NOT_DECLARED.has(String((thrown as { code?: unknown }).code))) {
    return new AlpesError('unavailable', 'the log has no topics yet; declare them first', { cause: thrown });
  }
  return error.code === 'conflict' ? new AlpesError('unavailable', error.message, { cause: thrown }) : error;
}
