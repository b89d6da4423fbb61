import { Client } from 'pg';
import { eventually } from './eventually.js';

/** The same database, for sessions that look for a deadlock as soon as they have to wait, not after a second. */
export function hastyAboutDeadlocks(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c deadlock_timeout=5ms');
  return url.href;
}

const DAWDLE = `
  DO $$ DECLARE one regclass; BEGIN
    CREATE SCHEMA dawdling;
    CREATE FUNCTION dawdling.dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END';
    FOR one IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' LOOP
      EXECUTE format('CREATE TRIGGER dawdle BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION dawdling.dawdle()',
                     one);
    END LOOP;
  END $$`;

/**
 * Has every row of every table that exists take a moment to be written, while those before it are locked: what is almost
 * never in each other's way is so nearly always.
 */
export async function dawdle(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(DAWDLE);
  await client.end();
}

/**
 * How many deadlocks PostgreSQL has ended in a database. A session tells of them at its end, so this waits until nobody
 * else is connected.
 */
export async function deadlocksIn(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const others = `SELECT count(*)::int AS count FROM pg_stat_activity
                  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
  const count = async (sql: string): Promise<number> =>
    (await client.query<{ count: number }>(sql)).rows[0]?.count ?? 0;
  try {
    await eventually(async () => (await count(others)) === 0, { what: 'nobody else is connected' });
    return await count('SELECT deadlocks::int AS count FROM pg_stat_database WHERE datname = current_database()');
  } finally {
    await client.end();
  }
}
