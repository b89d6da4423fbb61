import { withClient } from '../postgres/with-client.js';

/** A table at one time. */
export interface Table {
  /** Database, schema and name. */
  readonly name: string;
  readonly rows: number;
  /** With its indexes. */
  readonly bytes: number;
}

/** What has a row for each order or message, until its retention ends. */
const GROWING = [
  ...['orders', 'transactions', 'charges', 'order_reports', 'steps', 'idempotency_keys'].map(
    (name) => `public.${name}`,
  ),
  ...['messaging.inbox', 'log.message'],
];

/** Whether a table has more to keep the longer a system runs. */
export const mayGrow = ({ name }: Pick<Table, 'name'>): boolean =>
  GROWING.some((growing) => name.endsWith(` ${growing}`));

const TABLES = `
  SELECT quote_ident(schemaname) || '.' || quote_ident(relname) AS name, pg_total_relation_size(relid)::float8 AS bytes
  FROM pg_stat_user_tables ORDER BY 1`;

/** Every table of these databases, by the owner's URL, with its rows counted. */
export async function readTables(databases: Readonly<Record<string, string>>): Promise<Table[]> {
  const all = await Promise.all(Object.entries(databases).map(([name, url]) => tablesOf(name, url)));
  return all.flat();
}

function tablesOf(database: string, url: string): Promise<Table[]> {
  return withClient(url, async (client) => {
    const { rows: found } = await client.query<{ name: string; bytes: number }>(TABLES);
    const tables: Table[] = [];
    for (const { name, bytes } of found) {
      const { rows: counted } = await client.query<{ rows: number }>(`SELECT count(*)::float8 AS rows FROM ${name}`);
      tables.push({ name: `${database} ${name}`, bytes, rows: counted[0]?.rows ?? 0 });
    }
    return tables;
  });
}
