import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { eventually } from '../testing/eventually.js';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.js';
import { migrate, migrateEmbeddedLog, migrateMessaging } from './migrate.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

describe('migrate', () => {
  let testDatabase: TestDatabase;
  let client: Client;
  let folder: string;

  beforeEach(async () => {
    testDatabase = await createTestDatabase();
    client = new Client({ connectionString: testDatabase.url });
    await client.connect();
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    writeFileSync(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  });

  afterEach(async () => {
    await client.end();
    await testDatabase.drop();
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, sql: string): void => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'migration.sql'), sql);
  };
  const records = async (): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>('SELECT * FROM _prisma_migrations ORDER BY started_at')).rows;
  const tables = async (): Promise<string[]> => {
    const sql = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%' ORDER BY 1`;
    return (await client.query<{ tablename: string }>(sql)).rows.map((row) => row.tablename);
  };
  /** Those that are valid. */
  const indexes = async (): Promise<string[]> => {
    const sql = `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'a'::regclass AND indisvalid`;
    return (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  };

  it('applies what is missing in the order of the names, and nothing twice', async () => {
    write('2_second', 'ALTER TABLE a ADD COLUMN n int; CREATE TABLE b ();');
    write('1_first', 'CREATE TABLE a ();');
    expect(await migrate(testDatabase.url, folder)).toEqual(['1_first', '2_second']);
    expect(await migrate(testDatabase.url, folder)).toEqual([]);
    write('3_third', 'CREATE TABLE c ();');
    expect(await migrate(testDatabase.url, folder)).toEqual(['3_third']);
    expect(await tables()).toEqual(['a', 'b', 'c']);
  });

  it('records each as Prisma does', async () => {
    const sql = '-- añejo\nCREATE TABLE a ();\n';
    write('1_first', sql);
    await migrate(testDatabase.url, folder);
    expect(await records()).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        checksum: createHash('sha256').update(sql).digest('hex'),
        finished_at: expect.any(Date),
        migration_name: '1_first',
        logs: null,
        rolled_back_at: null,
        started_at: expect.any(Date),
        applied_steps_count: 1,
      },
    ]);
  });

  it('is called by many at once without harm', async () => {
    for (const name of ['1', '2', '3']) write(name, `CREATE TABLE t${name} (); SELECT pg_sleep(0.02);`);
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(testDatabase.url, folder)));
    expect(applied.flat()).toEqual(['1', '2', '3']);
    expect(await records()).toHaveLength(3);
  });

  it('stands in line for a table only for moments, so that others get at it, and tries until it gets it', async () => {
    await client.query('CREATE TABLE a ()');
    await client.query('BEGIN; SELECT * FROM a');
    write('1_first', 'ALTER TABLE a ADD COLUMN n int;');
    const migrating = migrate(testDatabase.url, folder, { lockTimeoutMs: 200 });
    const other = new Client({ connectionString: testDatabase.url });
    await other.connect();
    const isWaiting = `SELECT FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE a%' AND wait_event_type = 'Lock'`;
    await eventually(async () => (await other.query(isWaiting)).rowCount === 1, { timeoutMs: 30_000 });
    await other.query('SELECT * FROM a');
    await client.query('COMMIT');
    expect(await migrating).toEqual(['1_first']);
    await other.end();
  });

  it('says which one did not get its lock, and leaves nothing of it', async () => {
    await client.query('CREATE TABLE a ()');
    await client.query('BEGIN; SELECT * FROM a');
    write('1_first', 'CREATE TABLE b (); ALTER TABLE a ADD COLUMN n int;');
    const given = migrate(testDatabase.url, folder, { lockTimeoutMs: 20, tries: 3 });
    await expect(given).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('1_first') });
    await client.query('COMMIT');
    expect(await tables()).toEqual(['a']);
  });

  it('builds an index concurrently, where several migrate at once and others write, and drops it so', async () => {
    await client.query('CREATE TABLE a (n int)');
    write('1_first', '-- While others write.\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "a_n" ON a (n);\n');
    await client.query('BEGIN; INSERT INTO a VALUES (1)');
    const applied = Promise.all(Array.from({ length: 3 }, () => migrate(testDatabase.url, folder)));
    const isWaiting = `SELECT FROM pg_stat_activity WHERE query LIKE '%CREATE UNIQUE%' AND wait_event_type = 'Lock'`;
    const other = new Client({ connectionString: testDatabase.url });
    await other.connect();
    await eventually(async () => (await other.query(isWaiting)).rowCount === 1, { timeoutMs: 30_000 });
    await other.query('INSERT INTO a VALUES (2)');
    await other.end();
    await client.query('COMMIT');
    expect((await applied).flat()).toEqual(['1_first']);
    expect(await indexes()).toEqual(['a_n']);
    write('2_second', 'DROP INDEX CONCURRENTLY IF EXISTS a_n');
    expect(await migrate(testDatabase.url, folder)).toEqual(['2_second']);
    expect(await indexes()).toEqual([]);
  });

  it('drops what an index that could not be built has left, when it builds it again', async () => {
    await client.query('CREATE TABLE a (n int); INSERT INTO a VALUES (1), (1)');
    write('1_first', 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);');
    await expect(migrate(testDatabase.url, folder)).rejects.toMatchObject({ code: 'configuration' });
    expect(await records()).toEqual([]);
    expect(await indexes()).toEqual([]);
    await client.query('DELETE FROM a');
    expect(await migrate(testDatabase.url, folder)).toEqual(['1_first']);
    expect(await indexes()).toEqual(['a_n']);
  });

  it.each([
    'CREATE INDEX CONCURRENTLY a_n ON a (n)',
    'CREATE  INDEX\nCONCURRENTLY ON a (n);',
    'DROP INDEX CONCURRENTLY a_n',
    'DROP INDEX CONCURRENTLY IF EXISTS public.a_n;',
    '-- Why.\nDROP INDEX CONCURRENTLY IF EXISTS "public"."a_n"',
  ])('refuses one that could not be repeated after a kill, before it applies any other: %j', async (sql) => {
    write('1_first', 'CREATE TABLE a (n int);');
    write('2_second', sql);
    const refused = migrate(testDatabase.url, folder);
    const text = /^migration 2_second could not be repeated.* IF NOT EXISTS .* IF EXISTS /;
    await expect(refused).rejects.toMatchObject({ code: 'configuration', message: expect.stringMatching(text) });
    expect(await tables()).toEqual([]);
  });

  it('repeats one that was killed between its statement and its record', async () => {
    await client.query('CREATE TABLE a (n int); CREATE INDEX a_n ON a (n); CREATE INDEX "a-m" ON a (n)');
    write('1_first', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS a_n ON a (n);');
    write('2_second', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "a-m" ON a (n);');
    write('3_third', 'DROP INDEX CONCURRENTLY IF EXISTS gone;');
    expect(await migrate(testDatabase.url, folder)).toEqual(['1_first', '2_second', '3_third']);
  });

  it('says who else migrates, and how to end that, if it has not come to an end in time', async () => {
    write('1_first', 'CREATE TABLE a ();');
    await client.query('SELECT pg_advisory_lock(72707369)');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const given = migrate(testDatabase.url, folder, { turnTimeoutMs: 50 });
    const message = expect.stringMatching(`backend ${rows[0]?.pid} .*pg_terminate_backend\\(${rows[0]?.pid}\\)`);
    await expect(given).rejects.toMatchObject({ code: 'conflict', message });
    await client.query('SELECT pg_advisory_unlock(72707369)');
    expect(await migrate(testDatabase.url, folder)).toEqual(['1_first']);
  });

  it('refuses one that was changed after it was applied, before it applies any other', async () => {
    write('1_first', 'CREATE TABLE a ();');
    await migrate(testDatabase.url, folder);
    write('0_new', 'CREATE TABLE b ();');
    write('1_first', 'CREATE TABLE a (n int);');
    const refused = migrate(testDatabase.url, folder);
    await expect(refused).rejects.toMatchObject({ code: 'configuration', message: expect.stringContaining('1_first') });
    expect(await tables()).toEqual(['a']);
  });

  it('leaves nothing of one that fails, keeps those before it, and goes on there when it is mended', async () => {
    write('1_first', 'CREATE TABLE a ();');
    write('2_second', 'CREATE TABLE b (); SET search_path TO nowhere; SELECT * FROM nothing;');
    const failing = migrate(testDatabase.url, folder);
    await expect(failing).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('2_second'),
    });
    expect(await tables()).toEqual(['a']);
    expect(await records()).toHaveLength(1);
    write('2_second', `CREATE TABLE b (); SELECT set_config('search_path', '', false);`);
    write('3_third', 'CREATE TABLE c ();');
    expect(await migrate(testDatabase.url, folder)).toEqual(['2_second', '3_third']);
    expect(await tables()).toEqual(['a', 'b', 'c']);
  });

  it('does not touch what Prisma has begun and not finished, and applies what Prisma has rolled back', async () => {
    write('1_first', 'CREATE TABLE a ();');
    await migrate(testDatabase.url, folder);
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate(testDatabase.url, folder)).rejects.toMatchObject({ code: 'configuration' });
    await client.query('UPDATE _prisma_migrations SET rolled_back_at = now(); DROP TABLE a');
    expect(await migrate(testDatabase.url, folder)).toEqual(['1_first']);
  });

  it('is unavailable while the database is', async () => {
    const url = new URL(testDatabase.url);
    url.pathname = '/absent';
    await expect(migrate(url.href, folder)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gives this package’s own tables schemas and records of their own', async () => {
    const owned = [await migrateMessaging(testDatabase.url), await migrateEmbeddedLog(testDatabase.url)];
    expect(owned.flat().length).toBeGreaterThanOrEqual(2);
    expect([...(await migrateMessaging(testDatabase.url)), ...(await migrateEmbeddedLog(testDatabase.url))]).toEqual(
      [],
    );
    const { rows } = await client.query<{ name: string }>(
      `SELECT schemaname AS name FROM pg_tables WHERE tablename = '_prisma_migrations' ORDER BY 1`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['log', 'messaging']);
  });
});
