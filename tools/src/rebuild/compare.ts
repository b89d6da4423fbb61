import { createHash, type Hash } from 'node:crypto';
import { type Database } from '../reconcile/database.js';
import { type Column, differences } from '../reconcile/differences.js';
import type { Pager } from '../reconcile/merge.js';
import type { Compared } from './tables.js';

/** What was found of a table. */
export interface TableVerdict {
  readonly table: string;
  readonly rows: { readonly live: number; readonly rebuilt: number };
  /** SHA-256 over all rows that were compared, in the order of their keys. */
  readonly hash: { readonly live: string; readonly rebuilt: string };
  /** Rows that were not compared: of their subjects there were messages that only one of the databases may have. */
  readonly leftOut: number;
  readonly different: number;
  /** The first of those that differ. */
  readonly examples: readonly Example[];
}

export interface Example {
  readonly key: string;
  readonly text: string;
}

/** A table of a database as it was when it was frozen. */
export interface Frozen {
  readonly database: Database;
  readonly rows: Pager<Row>;
}

interface Row {
  readonly key: string;
  readonly subject: string;
  readonly digest: string;
}

const MOST_EXAMPLES = 5;

/** Freezes a table, on a connection of its own, to be read in the order of the keys. */
export async function freezeTable(database: Database, compared: Compared): Promise<Frozen> {
  const { table, subject } = compared;
  // Times are written as those of the session's zone.
  await database.query(`SET TIME ZONE 'UTC'`);
  const rows = await database.freeze<Row>(`
    SELECT ${keyOf(compared)} AS key, ${name(subject)}::text AS subject,
           encode(sha256(convert_to(${contentOf(compared)}::text, 'UTF8')), 'hex') AS digest
    FROM ${name(table)} AS t ORDER BY ${keyOf(compared)} COLLATE "C"`);
  return { database, rows };
}

const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function keyOf({ key }: Compared): string {
  const [first = '', ...more] = key.map((column) => `${name(column)}::text`);
  return more.length === 0 ? first : `jsonb_build_array(${[first, ...more].join(', ')})::text`;
}

/** As JSON: in whatever order its columns come, a row is written the same. */
const contentOf = ({ leftOut }: Compared): string =>
  `(to_jsonb(t) - ARRAY[${leftOut.map(literal).join(', ')}]::text[])`;

/** Compares a table as two databases had it, row by row; keeps neither in memory. */
export async function compareTables(
  compared: Compared,
  { live, rebuilt }: { readonly live: Frozen; readonly rebuilt: Frozen },
  isLeftOut: (subject: string) => boolean,
): Promise<TableVerdict> {
  const sides = { live: createSide(), rebuilt: createSide() };
  const keys: string[] = [];
  let [leftOut, different] = [0, 0];
  for await (const pair of pairs(live.rows, rebuilt.rows)) {
    const row = pair.live ?? pair.rebuilt;
    if (row === undefined || isLeftOut(row.subject) || isLeftOut(pair.rebuilt?.subject ?? row.subject)) {
      leftOut += 1;
      continue;
    }
    sides.live.add(pair.live);
    sides.rebuilt.add(pair.rebuilt);
    if (pair.live?.digest === pair.rebuilt?.digest) continue;
    different += 1;
    if (keys.length < MOST_EXAMPLES) keys.push(row.key);
  }
  const examples = await Promise.all(keys.map((key) => explain(compared, key, live.database, rebuilt.database)));
  return {
    ...{ table: compared.table, leftOut, different, examples },
    rows: { live: sides.live.count(), rebuilt: sides.rebuilt.count() },
    hash: { live: sides.live.digest(), rebuilt: sides.rebuilt.digest() },
  };
}

function createSide() {
  const hash: Hash = createHash('sha256');
  let count = 0;
  return {
    add: (row: Row | undefined): void => {
      if (row === undefined) return;
      count += 1;
      hash.update(`${row.key}\n${row.digest}\n`);
    },
    count: () => count,
    digest: () => hash.digest('hex'),
  };
}

interface Pair {
  readonly live: Row | undefined;
  readonly rebuilt: Row | undefined;
}

/** Rows of the same key side by side; both come in the order of the keys' bytes. */
async function* pairs(live: Pager<Row>, rebuilt: Pager<Row>): AsyncGenerator<Pair> {
  const [left, right] = [reader(live), reader(rebuilt)];
  for (;;) {
    const [one, other] = [await left.head(), await right.head()];
    if (one === undefined && other === undefined) return;
    const order = compareKeys(one?.key, other?.key);
    if (order <= 0) left.take();
    if (order >= 0) right.take();
    yield { live: order <= 0 ? one : undefined, rebuilt: order >= 0 ? other : undefined };
  }
}

/** Nothing comes behind all keys. */
function compareKeys(one: string | undefined, other: string | undefined): number {
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function reader(next: Pager<Row>) {
  let page: readonly Row[] = [];
  let index = 0;
  return {
    head: async (): Promise<Row | undefined> => {
      if (index === page.length) [page, index] = [await next(), 0];
      return page[index];
    },
    take: (): void => {
      index += 1;
    },
  };
}

async function explain(compared: Compared, key: string, live: Database, rebuilt: Database): Promise<Example> {
  const [is, shouldBe] = await Promise.all([contentAt(live, compared, key), contentAt(rebuilt, compared, key)]);
  if (is === undefined) return { key, text: 'is not in the live one' };
  if (shouldBe === undefined) return { key, text: 'is not in the rebuilt one' };
  const columns = Object.keys(is).map((column): Column => ({
    name: column,
    is: asText(is[column]),
    shouldBe: asText(shouldBe[column]),
  }));
  return { key, text: `in the live one ${differences(columns)}` };
}

type Content = Readonly<Record<string, unknown>>;

/** As it was when it was frozen, for that transaction is still open. */
async function contentAt(database: Database, compared: Compared, key: string): Promise<Content | undefined> {
  const sql = `SELECT ${contentOf(compared)} AS content FROM ${name(compared.table)} AS t WHERE ${keyOf(compared)} = $1`;
  return (await database.query<{ content: Content }>(sql, [key]))[0]?.content;
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
