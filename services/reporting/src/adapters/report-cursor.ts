import { AlpesError, givingUpAfter } from '@alpes/messaging';
import { Client, type CustomTypesConfig } from 'pg';
import type { Line, ReportRow } from '../domain/report.js';
import type { OpenReports, ReportFilter } from '../domain/report-store.js';
import type { ReportingSettings } from '../settings.js';

/** Rows as they are read from the cursor; the plan must be one that begins at once, by the index, whatever there is to come. */
const BEGIN = `
  BEGIN READ ONLY;
  SET LOCAL cursor_tuple_fraction = 0;
  SET LOCAL TimeZone = 'UTC';
  SET LOCAL DateStyle = 'ISO';
  SELECT pg_backend_pid() AS pid`;

/** An order whose creation no event has told of is not known, and in no range of time. */
const DECLARE = `
  DECLARE reports NO SCROLL CURSOR FOR
  SELECT id, client_id, address, currency, status, total, lines, order_version, created_at, updated_at, transaction_id,
         transaction_state, transaction_amount, transaction_currency, transaction_version, processed_at
  FROM order_reports
  WHERE created_at >= coalesce(to_timestamp($1::float8 / 1000), '-infinity')
    AND created_at < coalesce(to_timestamp($2::float8 / 1000), 'infinity')
    AND ($3::text IS NULL OR status = $3)
  ORDER BY created_at, id`;

/**
 * A page is as many rows as make about so many bytes, by the size of those before, for the lines of an order may be many.
 * It is small, and a row is made of its texts only when it is asked for, so that what is no longer needed dies young.
 */
const PAGE_BYTES = 128 * 1024;
const FIRST_PAGE_ROWS = 20;
const MOST_PAGE_ROWS = 100;

/** A row as it comes: a text for each column. */
type Cells = readonly (string | null)[];
const asText = (text: string): string => text;
const types: CustomTypesConfig = { getTypeParser: () => asText };

interface Parts {
  readonly settings: Pick<ReportingSettings, 'DATABASE_URL' | 'DATABASE_LOCK_TIMEOUT_MS' | 'EXPORT_STALL_MS'>;
  /** Ends the statement that a backend is at, over another connection. */
  readonly cancel: (pid: number) => Promise<unknown>;
}

/**
 * Reads table `order_reports` with a cursor of the server: one snapshot, so the answer is consistent, and a page at a time,
 * so memory does not grow with it. Each has a connection of its own, which ends with it: so exports take none from those
 * who handle messages, and nothing of a cursor that was broken off is left.
 */
export function openReports({ settings, cancel }: Parts): OpenReports {
  return async (filter, signal) => {
    const connection = connectionOf(settings);
    const end = (): void => void connection.end(cancel);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await connection.declare(filter);
    } catch (cause) {
      end();
      if (signal.aborted) throw new AlpesError('unavailable', 'whoever asked has gone', { cause });
      throw cause;
    }
    return rowsOf(connection);
  };
}

interface Page {
  readonly rows: readonly Cells[];
  readonly bytes: number;
}

interface Connection {
  /** Connects, and opens the cursor. */
  declare(filter: ReportFilter): Promise<void>;
  fetch(rows: number): Promise<Page>;
  /** May be called at any time, and again. A statement that is under way is cancelled: it may not look at its client for long. */
  end(cancel: Parts['cancel']): Promise<void>;
}

function connectionOf(settings: Parts['settings']): Connection {
  const socket = givingUpAfter(3 * settings.EXPORT_STALL_MS)();
  const client = new Client({
    ...{ connectionString: settings.DATABASE_URL, connectionTimeoutMillis: 5_000, keepAlive: true },
    ...{ stream: () => socket, application_name: 'alpes export', lock_timeout: settings.DATABASE_LOCK_TIMEOUT_MS },
    // Whoever stalls is hung up on before; this is for when we stand still ourselves.
    idle_in_transaction_session_timeout: 2 * settings.EXPORT_STALL_MS,
  });
  // A connection that breaks makes the query fail that is under way, or the next.
  client.on('error', () => {});
  let pid: number | undefined;
  let working = false;
  const work = async <T>(statement: Promise<T>): Promise<T> => {
    working = true;
    try {
      return await statement;
    } finally {
      working = false;
    }
  };
  return {
    declare: async ({ from, to, status }) => {
      await client.connect();
      const results = (await client.query(BEGIN)) as unknown as { rows: { pid: number }[] }[];
      pid = results.at(-1)?.rows[0]?.pid;
      await work(client.query(DECLARE, [from?.getTime() ?? null, to?.getTime() ?? null, status ?? null]));
    },
    fetch: async (count) => {
      const before = socket.bytesRead;
      const statement = { text: `FETCH ${count} FROM reports`, rowMode: 'array', types } as const;
      const { rows } = await work(client.query<(string | null)[]>(statement));
      return { rows, bytes: socket.bytesRead - before };
    },
    end: async (cancel) => {
      if (working && pid !== undefined) await cancel(pid).catch(() => {});
      await client.end().catch(() => {});
    },
  };
}

/** The next page is on its way while one is written. */
async function* rowsOf({ fetch }: Connection): AsyncGenerator<ReportRow> {
  let next = fetch(FIRST_PAGE_ROWS);
  for (;;) {
    const { rows, bytes } = await next;
    if (rows.length === 0) return;
    const fitting = Math.floor((PAGE_BYTES * rows.length) / bytes);
    next = fetch(Math.max(1, Math.min(MOST_PAGE_ROWS, fitting)));
    // Nobody may ask for it any more.
    next.catch(() => {});
    for (const cells of rows) yield toRow(cells);
  }
}

/** The columns of the order are all there when the time of its creation is. */
function toRow(cells: Cells): ReportRow {
  const text = (column: number): string => cells[column] ?? '';
  const orNull = <T>(column: number, read: (cell: string) => T): T | null => {
    const cell = cells[column];
    return cell === null || cell === undefined ? null : read(cell);
  };
  return {
    id: text(0),
    clientId: Number(text(1)),
    address: text(2),
    currency: text(3),
    status: text(4) as ReportRow['status'],
    total: Number(text(5)),
    lines: JSON.parse(text(6)) as Line[],
    orderVersion: Number(text(7)),
    createdAt: toDate(text(8)),
    updatedAt: toDate(text(9)),
    transactionId: orNull(10, asText),
    transactionState: orNull(11, asText) as ReportRow['transactionState'],
    transactionAmount: orNull(12, Number),
    transactionCurrency: orNull(13, asText),
    transactionVersion: orNull(14, Number),
    processedAt: orNull(15, toDate),
  };
}

/** As the session above writes it, in UTC. */
function toDate(text: string): Date {
  return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
}
