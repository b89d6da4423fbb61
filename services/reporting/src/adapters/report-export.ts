import { AlpesError, givingUpAfter } from '@alpes/messaging';
import { Client, escapeLiteral } from 'pg';
import { to } from 'pg-copy-streams';
import type { ReportRow } from '../domain/report.js';
import type { OpenReports, ReportFilter } from '../domain/report-store.js';
import type { ReportingSettings } from '../settings.js';
import { rowsOfCopy } from './copy-text.js';
import { SELECTED, toRow } from './report-row.js';

type Settings = Pick<ReportingSettings, 'DATABASE_URL' | 'DATABASE_LOCK_TIMEOUT_MS' | 'EXPORT_STALL_MS'>;

/**
 * Exports table `order_reports` with one COPY: one snapshot, so the answer is consistent, and read no faster than it is
 * taken, so memory does not grow with it. Each has a connection of its own, which ends with it: so exports take none from
 * those who handle messages, and nothing of one that was broken off is left.
 */
export function openReports(settings: Settings): OpenReports {
  return async (filter, signal) => {
    const socket = givingUpAfter(3 * settings.EXPORT_STALL_MS)();
    const client = new Client({
      ...{ connectionString: settings.DATABASE_URL, connectionTimeoutMillis: 5_000, keepAlive: true },
      ...{ stream: () => socket, application_name: 'alpes export', lock_timeout: settings.DATABASE_LOCK_TIMEOUT_MS },
      idle_in_transaction_session_timeout: frozenMs(settings),
    });
    // A connection that breaks makes the statement fail that is under way, or the next.
    client.on('error', () => {});
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
    try {
      signal.throwIfAborted();
      await client.connect();
      await client.query(begin(settings));
    } catch (cause) {
      socket.destroy();
      if (signal.aborted) throw new AlpesError('unavailable', 'whoever asked has gone', { cause });
      throw cause;
    }
    return pagesOf(client, filter);
  };
}

/** Whoever stalls is hung up on before; this is for when we stand still ourselves. */
const frozenMs = ({ EXPORT_STALL_MS }: Settings): number => 2 * EXPORT_STALL_MS;

/**
 * The plan has to be one that begins at once, by the index, whatever there is to come. PostgreSQL has to notice when nobody
 * reads: while it waits to write only the kernel can tell, and while it looks for rows it asks only if it is told to. The lock
 * is that of the statement itself, which comes when it is too late to refuse an export.
 */
const begin = (settings: Settings): string => `
  BEGIN READ ONLY;
  SET LOCAL enable_sort = off;
  SET LOCAL max_parallel_workers_per_gather = 0;
  SET LOCAL jit = off;
  SET LOCAL tcp_user_timeout = ${frozenMs(settings)};
  SET LOCAL client_connection_check_interval = '1s';
  LOCK TABLE order_reports IN ACCESS SHARE MODE`;

/** As many rows at a time as come at once. */
async function* pagesOf(client: Client, filter: ReportFilter): AsyncGenerator<readonly ReportRow[]> {
  const copy = client.query(to(copyOf(filter)));
  // Nobody may be there any more to be told.
  copy.on('error', () => {});
  for await (const rows of rowsOfCopy(copy)) yield rows.map(toRow);
  await client.query('COMMIT');
  await client.end();
}

/** An order whose creation no event has told of is not known, and in no range of time. COPY takes no parameters. */
function copyOf({ from, to: end, status }: ReportFilter): string {
  const at = (time: Date): string => `to_timestamp(${time.getTime()}::float8 / 1000)`;
  const conditions = [
    `r.created_at >= ${from === undefined ? `'-infinity'` : at(from)}`,
    `r.created_at < ${end === undefined ? `'infinity'` : at(end)}`,
    ...(status === undefined ? [] : [`r.status = ${escapeLiteral(status)}`]),
  ];
  return `
  COPY (SELECT ${SELECTED} FROM order_reports AS r WHERE ${conditions.join(' AND ')} ORDER BY r.created_at, r.id) TO STDOUT`;
}
