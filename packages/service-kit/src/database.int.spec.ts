import { createTestDatabase, eventually, type TestDatabase } from '@alpes/messaging/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { PrismaPg } from '@prisma/adapter-pg';
import { postgresAdapter } from './database.js';

type Driver = Awaited<ReturnType<PrismaPg['connect']>>;

let database: TestDatabase;
let driver: Driver;

beforeAll(async () => {
  database = await createTestDatabase();
  const settings = { DATABASE_URL: database.url, DATABASE_POOL: 2, DATABASE_LOCK_TIMEOUT_MS: 5_000 };
  driver = await postgresAdapter(settings).connect();
});
afterAll(async () => {
  await driver.dispose();
  await database.drop();
});

it('a statement is prepared once, and reads by an index though its table was small when it was planned', async () => {
  const pool = driver.underlyingDriver();
  await pool.query('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 100); ANALYZE t');
  const sql = 'SELECT t.id FROM unnest($1::int[]) AS n (id) JOIN t USING (id)';
  const tx = await driver.startTransaction();
  const ask = (text: string, args: unknown[] = []) =>
    tx.queryRaw({ sql: text, args, argTypes: args.map(() => ({ arity: 'list', scalarType: 'int' })) });
  for (let times = 0; times < 10; times += 1) expect((await ask(sql, [[1, 2, 3]])).rows).toHaveLength(3);
  const plans = await ask(
    `SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT t.id %'`,
  );
  expect(plans.rows.map(String)).toEqual(['10']);
  await ask('SELECT pg_stat_force_next_flush()::text');
  await ask('COMMIT');
  await tx.commit();
  const scans = `SELECT idx_scan::int AS count FROM pg_stat_user_tables WHERE relname = 't'`;
  await eventually(async () => (await pool.query<{ count: number }>(scans)).rows[0]?.count === 30);
});

it('a connection that breaks while nobody listens to it ends no process, and is replaced', async () => {
  const pool = driver.underlyingDriver();
  // As Prisma does, a moment before it listens.
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const thrown: unknown[] = [];
  const onUncaught = (error: unknown): void => void thrown.push(error);
  process.on('uncaughtException', onUncaught);
  let isOver = false;
  client.once('end', () => (isOver = true));
  await pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  await eventually(() => isOver);
  process.off('uncaughtException', onUncaught);
  expect(thrown).toEqual([]);
  await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  client.release(true);
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
