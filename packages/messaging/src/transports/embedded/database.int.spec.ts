import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { connectTransport } from '../connect.js';
import { type Database, openDatabase } from './database.js';

describe('the log’s database', () => {
  let testDatabase: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase(testDatabase.url);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const die = 'SELECT pg_terminate_backend(pg_backend_pid())';

  it('that ends a connection is unavailable, and answers on another', async () => {
    await expect(database.query(die)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(database.inTransaction((query) => query(die))).rejects.toMatchObject({ code: 'unavailable' });
    const killOther = 'SELECT pg_terminate_backend($1::int, 1000)';
    const between = database.inTransaction(async (query) => {
      const [self] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.query(killOther, [self?.pid]);
      await query('SELECT 1');
    });
    await expect(between).rejects.toMatchObject({ code: 'unavailable' });
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('prepares a statement once for each connection', async () => {
    const plans = await database.inTransaction(async (query) => {
      for (let times = 0; times < 3; times += 1) await query('SELECT $1::int AS n', [times]);
      return query(`SELECT (generic_plans + custom_plans)::int AS plans FROM pg_prepared_statements
                    WHERE statement LIKE 'SELECT $1::int AS n'`);
    });
    expect(plans).toEqual([{ plans: 3 }]);
  });

  it('undoes a transaction that throws', async () => {
    await database.query('CREATE TABLE t (n int)');
    const failing = database.inTransaction(async (query) => {
      await query('INSERT INTO t VALUES (1)');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.query('SELECT * FROM t')).toEqual([]);
  });

  it('in which nothing was declared yet is unavailable, and says why', async () => {
    const transport = connectTransport(`embedded:${testDatabase.url}`);
    const expected = { code: 'unavailable', message: expect.stringContaining('declare') };
    const subscribing = transport.subscribe({ topic: 't', subscription: 's', mode: 'durable', from: 'earliest' });
    await expect(subscribing).rejects.toMatchObject(expected);
    const [result] = await transport.publish([{ topic: 't', key: 'k', properties: {}, payload: new Uint8Array() }]);
    expect(result).toMatchObject(expected);
    await transport.declare([]);
    await expect(transport.partitions('t')).rejects.toMatchObject(expected);
    await transport.close();
  });

  it('keeps nothing of an ephemeral subscription', async () => {
    const transport = connectTransport(`embedded:${testDatabase.url}`);
    await transport.declare([{ topic: 'live', subscriptions: [] }]);
    const live = await transport.subscribe({ topic: 'live', subscription: 's', mode: 'ephemeral', from: 'latest' });
    await live.receive(1, 0, new AbortController().signal);
    const count = 'SELECT (SELECT count(*) FROM log.cursor) + (SELECT count(*) FROM log.member) AS rows';
    expect(await database.query(count)).toEqual([{ rows: '0' }]);
    await transport.close();
  });
});
