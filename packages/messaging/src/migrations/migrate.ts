import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { AlpesError, needsOtherSchema } from '../errors.js';

/** The advisory lock that Prisma's own migration engine takes, so that neither runs beside the other. */
const PRISMA_LOCK = 72_707_369;
/** Who waits for it asks again after so many ms: one who stood in line would hold up an index that is built concurrently. */
const ASK_EVERY_MS = 100;

export interface MigrateOptions {
  /** Where the record is kept: `public`, as Prisma does, unless the migrations own a schema. */
  readonly schema?: string;
  /**
   * Longest wait for a table's lock, in ms: while a migration stands in line for it, everybody else stands behind. Then it
   * steps back, waits as long, and tries again.
   */
  readonly lockTimeoutMs?: number;
  /** How often a migration is tried. */
  readonly tries?: number;
  /** Longest wait in ms for somebody else who migrates this database. */
  readonly turnTimeoutMs?: number;
}

/**
 * Applies the migrations of a folder (`<name>/migration.sql`, in the order of their names), each in a transaction with
 * its record in `_prisma_migrations`, written as Prisma writes it, so that `prisma migrate deploy` and `status` agree.
 * One that is nothing but a `CREATE INDEX CONCURRENTLY` or `DROP INDEX CONCURRENTLY`, which PostgreSQL does in no
 * transaction, has none. Returns the names of those that were applied now. Whoever calls this at the same time waits.
 *
 * Rejects with `configuration` if an applied one was edited since, one could not be repeated after a kill, or one fails
 * (then nothing of it remains, and those before it do); with `conflict` if a table's lock was not to be had, or somebody
 * else does not come to an end; with `unavailable` if the database is not there.
 */
export async function migrate(
  databaseUrl: string,
  folder: string,
  { schema = 'public', lockTimeoutMs = 1_000, tries = 60, turnTimeoutMs = 300_000 }: MigrateOptions = {},
): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, keepAlive: true });
  // A connection that breaks makes the query fail that is under way.
  client.on('error', () => {});
  try {
    await client.connect();
    await takeLock(client, turnTimeoutMs);
    return await applyMissing(client, migrations, { ...(await prepare(client, schema)), lockTimeoutMs, tries });
  } catch (error) {
    throw AlpesError.from(error);
  } finally {
    await client.end();
  }
}

/** Applies this package's own migrations to a service's database: the schema `messaging`. */
export function migrateMessaging(databaseUrl: string): Promise<readonly string[]> {
  return migrate(databaseUrl, packageFolder('service'), { schema: 'messaging' });
}

/** Applies the migrations of the embedded transport to its database: the schema `log`. */
export function migrateEmbeddedLog(databaseUrl: string): Promise<readonly string[]> {
  return migrate(databaseUrl, packageFolder('embedded-log'), { schema: 'log' });
}

async function takeLock(client: Client, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { rows } = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_lock($1) AS ours', [PRISMA_LOCK]);
    if (rows[0]?.ours === true) return;
    if (performance.now() >= deadline) throw await takenBy(client, timeoutMs);
    await wait(ASK_EVERY_MS);
  }
}

/** A lock by one number has its halves in `classid` and `objid`. */
const HOLDER = `
  SELECT a.pid, coalesce(a.application_name, '') AS program, coalesce(a.client_addr::text, 'this machine') AS place,
         to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') AS since
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1 AND l.objsubid = 1
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

async function takenBy(client: Client, waitedMs: number): Promise<AlpesError> {
  type Holder = Record<'pid' | 'program' | 'place' | 'since', string>;
  const { rows } = await client.query<Holder>(HOLDER, [PRISMA_LOCK]);
  const [holder] = rows;
  const who =
    holder && `backend ${holder.pid} ("${holder.program}" from ${holder.place}, connected at ${holder.since})`;
  const text = `somebody else migrates this database, for ${waitedMs} ms and longer: ${who ?? 'who has ended by now'}`;
  const advice = `wait for its end; if it stands still: SELECT pg_terminate_backend(${holder?.pid})`;
  return new AlpesError('conflict', holder === undefined ? `${text}; try again` : `${text}; ${advice}`);
}

function packageFolder(name: string): string {
  return fileURLToPath(new URL(`../../migrations/${name}`, import.meta.url));
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Where migrations are applied and recorded, and with how much patience. */
interface Target {
  readonly schema: string;
  readonly records: string;
  readonly lockTimeoutMs: number;
  readonly tries: number;
}

/** Makes the table of records, with Prisma's own definition. */
async function prepare(client: Client, schemaName: string): Promise<Pick<Target, 'schema' | 'records'>> {
  const schema = client.escapeIdentifier(schemaName);
  const records = `${schema}."_prisma_migrations"`;
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schemaName]);
  if (rows.length === 0) await client.query(`CREATE SCHEMA ${schema}`);
  await client.query(`CREATE TABLE IF NOT EXISTS ${records} (
    id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`);
  return { schema, records };
}

async function applyMissing(client: Client, migrations: readonly Migration[], target: Target): Promise<string[]> {
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM ${target.records}
     WHERE rolled_back_at IS NULL`,
  );
  const recorded = new Map(rows.map((row) => [row.name, row]));
  const missing = migrations.filter((migration) => {
    const record = recorded.get(migration.name);
    if (record !== undefined) assertApplied(migration, record);
    return record === undefined;
  });
  missing.forEach(assertRepeatable);
  for (const migration of missing) await apply(client, migration, target);
  return missing.map(({ name }) => name);
}

function assertApplied({ name, checksum }: Migration, record: { checksum: string; finished: boolean }): void {
  if (!record.finished) {
    const text = `migration ${name} was begun by Prisma and not finished; settle it with "prisma migrate resolve"`;
    throw new AlpesError('configuration', text);
  }
  if (record.checksum !== checksum) {
    const text = `migration ${name} was changed after it was applied; write a new migration instead`;
    throw new AlpesError('configuration', text);
  }
}

/** Nothing but the statement of an index that is built or dropped while others write. */
const CONCURRENTLY = /^(?:\s*--.*\n)*\s*(?:CREATE(?:\s+UNIQUE)?|DROP)\s+INDEX\s+CONCURRENTLY\b[^;]*;?\s*$/i;
/** One that may be repeated, and that index's name. PostgreSQL itself refuses what creates `IF EXISTS`. */
const REPEATABLE = /CONCURRENTLY\s+IF\s+(?:NOT\s+)?EXISTS\s+("[^"]+"|\w+)(?![\w."])/i;

/** One that has no transaction may be killed between its statement and its record, and is then done again. */
function assertRepeatable({ name, sql }: Migration): void {
  if (!CONCURRENTLY.test(sql) || REPEATABLE.test(sql)) return;
  const how = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS <name> ON …, or DROP INDEX CONCURRENTLY IF EXISTS <name>';
  const text = `migration ${name} could not be repeated after a kill; write ${how}, with the index's name alone, without its schema`;
  throw new AlpesError('configuration', text);
}

async function apply(client: Client, migration: Migration, target: Target): Promise<void> {
  const run = CONCURRENTLY.test(migration.sql) ? runAlone : runInTransaction;
  for (let left = target.tries - 1; ; left--) {
    try {
      await run(client, migration, target);
      return;
    } catch (thrown) {
      const error = AlpesError.from(thrown);
      if (error.nature !== 'transient' || needsOtherSchema(thrown)) {
        throw new AlpesError('configuration', `migration ${migration.name} failed: ${error.message}`, {
          cause: thrown,
        });
      }
      const text = `migration ${migration.name}: ${error.message}`;
      if (error.code !== 'conflict' || left === 0) throw new AlpesError(error.code, text, { cause: thrown });
      await wait(target.lockTimeoutMs);
    }
  }
}

async function runInTransaction(client: Client, migration: Migration, target: Target): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL search_path TO ${target.schema}; SET LOCAL lock_timeout = ${target.lockTimeoutMs}`);
    await client.query(migration.sql);
    await record(client, migration, target);
    await client.query('COMMIT');
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => {});
    throw thrown;
  }
}

/**
 * What was begun and not finished leaves an index that is not valid: `IF NOT EXISTS` would take it for the one that is
 * wanted, so it is dropped first. Nobody stands in line behind who waits here, so it may wait for as long as it takes.
 */
async function runAlone(client: Client, migration: Migration, target: Target): Promise<void> {
  const name = REPEATABLE.exec(migration.sql)?.[1] ?? '';
  await client.query(`SET search_path TO ${target.schema}`);
  const { rowCount } = await client.query(
    'SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid',
    [name],
  );
  if (rowCount === 1) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
  await client.query(migration.sql);
  await record(client, migration, target);
}

async function record(client: Client, { name, checksum }: Migration, { records }: Target): Promise<void> {
  await client.query(
    `INSERT INTO ${records} (id, checksum, migration_name, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  );
}
