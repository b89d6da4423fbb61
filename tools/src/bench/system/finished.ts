import { withClient } from '../../postgres/with-client.js';

/** Orders that are asked for at once. */
const AT_ONCE = 10_000;

/** Its last change is the one by which it was finished: nothing changes a report that shows all. */
const FINISHED = `
  SELECT id::text AS id, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS at
  FROM order_reports WHERE id = ANY ($1::uuid[]) AND status <> 'PENDING' AND transaction_state IS NOT NULL`;

/**
 * When the report of each order showed that it was finished, in ms since 1970: the time of the commit, which PostgreSQL
 * has kept (`track_commit_timestamp`). An order that is not finished is not among them.
 */
export async function finishTimes(reportUrl: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return withClient(reportUrl, async (client) => {
    const times = new Map<string, number>();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const { rows } = await client.query<{ id: string; at: number }>(FINISHED, [ids.slice(from, from + AT_ONCE)]);
      for (const { id, at } of rows) times.set(id, at);
    }
    return times;
  });
}
