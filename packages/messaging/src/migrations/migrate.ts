import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { AlpesError } from '../errors.js';

/** The advisory lock that Prisma's own migration engine takes, so that neither runs beside the other. */
const PRISMA_LOCK = 72_707_369;

/**
 * Applies the migrations of a folder (`<name>/migration.sql`, in the order of their names), each in a transaction with
 * its record in `_prisma_migrations`, written as Prisma writes it, so that `prisma migrate deploy` and `status` agree.
 * Returns the names of those that were applied now. Whoever calls this at the same time waits.
 *
 * Rejects with `configuration` if an applied one was edited since, or one fails (then nothing of it remains, and those
 * before it do); with `unavailable` if the database is not there.
 *
 * @param schema where the record is kept: `public`, as Prisma does, unless the migrations own a schema.
 */
export async function migrate(
  databaseUrl: string,
  folder: string,
  { schema = 'public' }: { schema?: string } = {},
): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000, keepAlive: true });
  // A connection that breaks makes the query fail that is under way.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    return await applyMissing(client, migrations, await prepare(client, schema));
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

/** Where migrations are applied and recorded. */
interface Target {
  readonly schema: string;
  readonly records: string;
}

/** Makes the table of records, with Prisma's own definition. */
async function prepare(client: Client, schemaName: string): Promise<Target> {
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

async function apply(client: Client, { name, sql, checksum }: Migration, { schema, records }: Target): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(`SET LOCAL search_path TO ${schema}`);
    await client.query(sql);
    await client.query(
      `INSERT INTO ${records} (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (thrown) {
    await client.query('ROLLBACK').catch(() => {});
    const error = AlpesError.from(thrown);
    if (error.nature === 'transient') throw error;
    throw new AlpesError('configuration', `migration ${name} failed: ${error.message}`, { cause: thrown });
  }
}
