import { Client } from 'pg';
import { createTestDatabase } from '../../testing/test-database.js';
import { describeTransport } from '../../testing/transport-suite.js';

/** Runs statements in the cluster's own database. */
async function administer(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describeTransport('embedded', async () => {
  const { url, drop } = await createTestDatabase();
  const name = new URL(url).pathname.slice(1);
  return {
    url: `embedded:${url}`,
    outage: {
      begin: () =>
        administer(
          `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
        ),
      end: () => administer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`),
    },
    stop: drop,
  };
});
