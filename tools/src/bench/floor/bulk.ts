import type { Client, QueryConfig } from 'pg';

/** Names and types of columns, in their order. */
export type Columns = Readonly<Record<string, string>>;

const names = (columns: Columns): string => Object.keys(columns).join(', ');
const arrays = (columns: Columns): string =>
  Object.values(columns)
    .map((type, index) => `$${index + 1}::${type}[]`)
    .join(', ');

/** Writes many rows with one statement. */
export const insertInto = (table: string, columns: Columns): string =>
  `INSERT INTO ${table} (${names(columns)}) SELECT * FROM unnest(${arrays(columns)})`;

/** Changes many rows with one statement; the first column says which. */
export function updateOf(table: string, columns: Columns): string {
  const [key = '', ...others] = Object.keys(columns);
  const changes = others.map((name) => `${name} = n.${name}`).join(', ');
  return `UPDATE ${table} t SET ${changes} FROM unnest(${arrays(columns)}) AS n (${names(columns)}) WHERE t.${key} = n.${key}`;
}

/** Runs a statement that is prepared once for each connection. */
export async function run<Row extends object>(client: Client, name: string, text: string, values: unknown[] = []) {
  const query: QueryConfig = { name, text, values };
  return (await client.query<Row>(query)).rows;
}
