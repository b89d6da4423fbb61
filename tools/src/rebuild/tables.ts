import { AlpesError } from '@alpes/messaging';
import type { ReadModelTable } from '@alpes/service-kit';
import type { Database } from '../reconcile/database.js';

/** A table as a database has it. */
interface Found {
  readonly table: string;
  readonly columns: readonly string[];
  /** Of its primary key. */
  readonly key: readonly string[];
}

/** A table that two databases have, and how it is compared. */
export interface Compared {
  readonly table: string;
  readonly key: readonly string[];
  readonly subject: string;
  /** Columns that are not compared: those that say when a row was written, and those that only one database has. */
  readonly leftOut: readonly string[];
}

export interface Shape {
  readonly compared: readonly Compared[];
  /** What can't be compared, because only one of the databases has it, in words. */
  readonly oneSided: readonly string[];
}

const TABLES = `
  SELECT c.relname::text AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
         coalesce((
           SELECT array_agg(k.attname::text ORDER BY array_position(i.indkey::int2[], k.attnum))
           FROM pg_index i JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY (i.indkey)
           WHERE i.indrelid = c.oid AND i.indisprimary
         ), '{}') AS key
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_prisma_migrations'
  GROUP BY c.oid, c.relname ORDER BY c.relname`;

/**
 * What of the two databases is compared. The live one may be older or newer than what is built here. Throws `configuration`
 * if the read model does not say how to compare one of its tables.
 */
export async function shapeOf(
  live: Database,
  rebuilt: Database,
  known: Readonly<Record<string, ReadModelTable>>,
): Promise<Shape> {
  const [old, made] = await Promise.all([live.query<Found>(TABLES), rebuilt.query<Found>(TABLES)]);
  const shapes = made.map((table) => {
    const description = known[table.table];
    if (description === undefined || table.key.length === 0) throw unknown(table.table);
    const other = old.find((one) => one.table === table.table);
    return { table, description, other };
  });
  const compared = shapes.flatMap(({ table: { table, key, columns }, description, other }) => {
    const here =
      other === undefined ? [] : [...differing(columns, other.columns), ...differing(other.columns, columns)];
    const leftOut = [...description.leftOut, ...here];
    return other === undefined ? [] : [{ table, key, subject: description.subject, leftOut }];
  });
  return { compared, oneSided: [...oneSided(made, old, 'rebuilt'), ...oneSided(old, made, 'live')] };
}

const differing = (columns: readonly string[], others: readonly string[]): string[] =>
  columns.filter((column) => !others.includes(column));

function oneSided(tables: readonly Found[], others: readonly Found[], side: string): string[] {
  return tables.flatMap(({ table, columns }) => {
    const other = others.find((one) => one.table === table);
    if (other === undefined) return [`the table ${table}, which only the ${side} one has`];
    return differing(columns, other.columns).map((column) => `${table}.${column}, which only the ${side} one has`);
  });
}

function unknown(table: string): AlpesError {
  const text = `the table ${table} can't be compared: read-model.ts has to name it, and it needs a primary key`;
  return new AlpesError('configuration', text);
}
