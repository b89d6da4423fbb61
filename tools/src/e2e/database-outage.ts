import { Client } from 'pg';

/** Takes a database away from everybody, as its server's death would, until `restore` is called. */
export async function takeAway(databaseUrl: string): Promise<{ restore: () => Promise<void> }> {
  const elsewhere = new URL(databaseUrl);
  elsewhere.pathname = '/postgres';
  const client = new Client({ connectionString: elsewhere.href });
  await client.connect();
  const database = new URL(databaseUrl).pathname.slice(1);
  const name = client.escapeIdentifier(database);
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
  return {
    restore: async () => {
      await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await client.end();
    },
  };
}
