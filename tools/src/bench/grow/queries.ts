import { queryOnce } from '../../postgres/with-client.js';
import type { Site } from '../system/site.js';
import { type Quantiles, quantiles } from '../system/trial.js';

/** How often each is asked, one at a time. */
const TIMES = 300;

/** What people ask, by what it is called; `id` is an order that there is. Of a minute there are a thousand. */
const QUERIES: Readonly<Record<string, (id: string) => string>> = {
  'an order': (id) => `/orders/${id}`,
  'its timeline': (id) => `/orders/${id}/saga`,
  'its report': (id) => `/report?id=${id}`,
  'the reports of its minute': (id) => `/reports/orders?${minuteOf(id)}`,
  'those that were rejected': (id) => `/reports/orders?${minuteOf(id)}&status=REJECTED`,
};

/** Ids are of version 7: they begin with when the order was accepted, in ms since 1970. */
function minuteOf(id: string): string {
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return `from=${new Date(at).toISOString()}&to=${new Date(at + 60_000).toISOString()}`;
}

/**
 * How long each query takes, in ms, asked for orders from anywhere among those that came about before a time: after it there are
 * many more in a minute.
 */
export async function timeQueries(
  { postgres, system }: Site,
  before: Date,
): Promise<Readonly<Record<string, Quantiles>>> {
  const ids = await someOrders(postgres.urls.order, before);
  const found: Record<string, Quantiles> = {};
  for (const [name, pathOf] of Object.entries(QUERIES)) {
    const times: number[] = [];
    for (const id of ids) {
      const begunAt = performance.now();
      const answer = await fetch(`${system.url}${pathOf(id)}`);
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${pathOf(id)} is answered ${answer.status}`);
      times.push(performance.now() - begunAt);
    }
    found[name] = quantiles(times);
  }
  return found;
}

async function someOrders(url: string, before: Date): Promise<string[]> {
  const sql = 'SELECT id::text AS id FROM orders WHERE created_at < $1 ORDER BY md5(id::text) LIMIT $2';
  return (await queryOnce<{ id: string }>(url, sql, [before, TIMES])).map(({ id }) => id);
}
