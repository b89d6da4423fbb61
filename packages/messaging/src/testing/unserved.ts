import { Client } from 'pg';
import { createRecorder, type Statement } from './statements.js';

/** From so many rows on a table is too large to be read through for an answer. */
const BIG = 5_000;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Has something asked, records every statement that is sent to a database meanwhile, and returns those that read through a
 * big table of it: `Seq Scan on <table>: <statement>`. What is explained are the very statements, with their values. Who
 * reads no more rows than he returns (`LIMIT`, and no filter) reads nothing through.
 *
 * @throws Error if nothing was sent
 */
export async function unserved(databaseUrl: string, ask: () => Promise<void>): Promise<string[]> {
  const recorder = createRecorder(new URL(databaseUrl).pathname.slice(1));
  try {
    await ask();
  } finally {
    recorder.stop();
  }
  const statements = recorder.statements();
  if (statements.length === 0) throw new Error('no statement was sent');
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ name: string }>(
      'SELECT relname AS name FROM pg_class WHERE reltuples >= $1',
      [BIG],
    );
    const big = new Set(rows.map(({ name }) => name));
    const found: string[] = [];
    for (const statement of statements) found.push(...(await scansOf(client, statement, big)));
    return [...new Set(found)];
  } finally {
    await client.end();
  }
}

async function scansOf(client: Client, { text, values }: Statement, big: ReadonlySet<string>): Promise<string[]> {
  // What a session is told before decides about plans.
  for (const [setting] of text.matchAll(/SET LOCAL [^;]+/g)) await client.query(setting);
  const query = /^\s*COPY \((.*)\) TO STDOUT$/s.exec(text)?.[1] ?? text;
  if (!/^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/i.test(query)) return [];
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
    `EXPLAIN (FORMAT JSON) ${query}`,
    [...values],
  );
  const scans = (rows[0]?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => scansIn(Plan));
  return scans.filter((table) => big.has(table)).map((table) => `Seq Scan on ${table}: ${text.trim()}`);
}

/** The tables that are read through. */
function scansIn(node: PlanNode, parent?: PlanNode): string[] {
  const isScan = node['Node Type'] === 'Seq Scan';
  const isBounded = parent?.['Node Type'] === 'Limit' && node.Filter === undefined;
  const own = isScan && !isBounded ? [node['Relation Name'] ?? ''] : [];
  return [...own, ...(node.Plans ?? []).flatMap((child) => scansIn(child, node))];
}
