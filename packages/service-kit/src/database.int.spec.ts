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
