import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database that belongs to one test. */
export interface TestDatabase {
  /** The superuser's URL of this database. */
  readonly url: string;
  /** Removes it; whoever is still connected is thrown out. */
  drop(): Promise<void>;
}

/**
 * Creates a database with a name of its own in the cluster of `TEST_DATABASE_URL`, the URL of a superuser.
 *
 * @throws Error if that is not set
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cluster = process.env['TEST_DATABASE_URL'];
  if (cluster === undefined) {
    throw new Error(
      'TEST_DATABASE_URL is not set: it names the PostgreSQL cluster in which tests make their databases',
    );
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(cluster, `CREATE DATABASE ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
