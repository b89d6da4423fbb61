import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { AlpesError } from '../errors.js';

/** The advisory lock that Prisma's own migration engine takes, so that neither runs beside the other. */
const PRISMA_LOCK = 72_707_369;

const RECORDS = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

/**
 * Applies the migrations of a folder (`<name>/migration.sql`, in the order of their names), each in a transaction with
 * its record in `_prisma_migrations`, written as Prisma writes it, so that `prisma migrate deploy` and `status` agree.
 * Returns the names of those that were applied now. Rejects with `configuration` if an applied one was edited since.
 *
 * @param schema where the record is kept: `public`, as Prisma does, unless the migrations own a schema.
 */
export async function migrate(
  databaseUrl: string,
  folder: string,
  { schema = 'public' }: { schema?: string } = {},
): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    if (schema !== 'public') await client.query(`CREATE SCHEMA IF NOT EXISTS ${client.escapeIdentifier(schema)}`);
    await client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`);
    await client.query(RECORDS);
    return await applyMissing(client, migrations);
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

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM "_prisma_migrations" WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL',
  );
  const applied = new Map(rows.map((row) => [row.migration_name, row.checksum]));
  const now: string[] = [];
  for (const migration of migrations) {
    const checksum = applied.get(migration.name);
    if (checksum === undefined) {
      await apply(client, migration);
      now.push(migration.name);
    } else if (checksum !== migration.checksum) {
      const text = `migration ${migration.name} was changed after it was applied; write a new migration instead`;
      throw new AlpesError('configuration', text);
    }
  }
  return now;
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    const why = error instanceof Error ? error.message : String(error);
    throw new AlpesError('configuration', `migration ${name} failed: ${why}`, { cause: error });
  }
}
