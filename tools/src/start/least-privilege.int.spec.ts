import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeBlocks } from '../e2e/documented.js';
import { ensureDatabases } from '../postgres/databases.js';
import { launchCluster, type RunningCluster } from '../postgres/launch.js';
import { urlOf } from '../postgres/passwords.js';
import { ensureRuntimeRoles, runtimeRights } from '../postgres/runtime-roles.js';
import { withClient } from '../postgres/with-client.js';
import { readConfig } from './config.js';
import { findStores, migrateDatabase, migrateStores, type Stores } from './prepare.js';
import { scalable, systemOf, type Scalable } from './system.js';

// Starts a PostgreSQL and migrates everything, which takes its time on a busy machine.
jest.setTimeout(180_000);

const HOW_TO = new URL('../../../docs/how-to/production.md', import.meta.url);
const dataDir = mkdtempSync(join(tmpdir(), 'alpes-privilege-'));
let cluster: RunningCluster;
let stores: Stores;
beforeAll(async () => {
  // As root, PostgreSQL runs as another user, who has to get at its data.
  chmodSync(dataDir, 0o755);
  cluster = await launchCluster(join(dataDir, 'postgres'), { throwAway: true });
  const { config } = readConfig([], { DATA_DIR: dataDir });
  stores = await findStores(config, cluster.url);
  await migrateStores(stores, config.broker);
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The URL of every database that a process of the system is told, by the names of both. */
function urlsOfProcesses(): Map<string, string> {
  const replicas = Object.fromEntries(scalable.map((name) => [name, 1])) as Record<Scalable, number>;
  const wiring = { ...stores.runtime, replicas, publicHost: '127.0.0.1', publicPort: 1, nextPort: () => 1 };
  const variables = systemOf(wiring).flatMap(({ name, env }) =>
    ['DATABASE_URL', 'GATEWAY_DATABASE_URL', 'BROKER_URL'].map((variable) => [name, variable, env[variable]] as const),
  );
  return new Map(
    variables.flatMap(([name, variable, url]) =>
      url === undefined ? [] : [[`${name} ${variable}`, url.replace(/^embedded:/, '')]],
    ),
  );
}

const withPath = (url: string, database: string): string =>
  Object.assign(new URL(url), { pathname: `/${database}` }).href;

/** What comes of each statement, of which nothing remains. */
async function attempt(url: string, statements: readonly string[]): Promise<(readonly [string, string])[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(SOME_TABLE);
    const results = [];
    for (const sql of statements) {
      await client.query('BEGIN');
      const work = client.query(sql.replace('$TABLE', rows[0]?.name ?? ''));
      const result = await work.then(
        () => DONE,
        (error: Error) => (REFUSED.test(error.message) ? 'refused' : error.message),
      );
      results.push([sql, result] as const);
      await client.query('ROLLBACK');
    }
    return results;
  });
}

const DONE = 'done';
const REFUSED = /^(permission denied|must be owner)/;
const each = (statements: readonly string[], result: string) => statements.map((sql) => [sql, result]);

const NAMES = ['order', 'payment', 'reporting', 'saga_log', 'bff', 'gateway', 'broker'].map((name) => `alpes_${name}`);

/** A table of the database; every one has some. */
const SOME_TABLE = `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
  WHERE schemaname IN ('public', 'log') AND tablename <> '_prisma_migrations' ORDER BY 1 LIMIT 1`;

/** What changes the tables themselves, and not their rows. */
const DEFINITIONS = [
  'CREATE TABLE public.stolen (id int)',
  'CREATE TEMPORARY TABLE stolen (id int)',
  'CREATE SCHEMA stolen',
  'CREATE FUNCTION public.run() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
  'ALTER TABLE $TABLE ADD COLUMN stolen int',
  'ALTER TABLE $TABLE DISABLE TRIGGER USER',
  'CREATE INDEX ON $TABLE ((1))',
  'TRUNCATE $TABLE CASCADE',
  'DROP TABLE $TABLE CASCADE',
  'DROP SCHEMA public CASCADE',
];

/** What leads out of the database. */
const ESCAPES = [
  "SELECT pg_read_file('postgresql.conf')",
  "SELECT pg_ls_dir('.')",
  "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'",
  "COPY (SELECT 1) TO '/dev/null'",
  "SELECT lo_import('/etc/hostname')",
  'SELECT rolpassword FROM pg_authid',
  'CREATE ROLE stolen',
  'ALTER ROLE CURRENT_USER CREATEDB',
  'ALTER ROLE postgres PASSWORD NULL',
  'GRANT pg_read_all_data TO CURRENT_USER',
  'SET SESSION AUTHORIZATION postgres',
];

describe('what a process may do with the URLs that npm start tells it', () => {
  it('is to reach its own database and the log, and no other', async () => {
    const urls = urlsOfProcesses();
    // The services and the BFF have each their own and the log, payment the books of the gateway beside.
    expect(urls.size).toBe(11);
    for (const [name, url] of urls) {
      const reached = [];
      for (const database of [...NAMES, 'postgres', 'template1']) {
        const open = withClient(withPath(url, database), () => Promise.resolve(DONE));
        const outcome = await open.catch((error: Error) => (REFUSED.test(error.message) ? undefined : error.message));
        if (outcome !== undefined) reached.push([database, outcome]);
      }
      expect([name, reached]).toEqual([name, [[new URL(url).pathname.slice(1), DONE]]]);
    }
  });

  it('is not to change tables, which their owner may', async () => {
    for (const [name, url] of urlsOfProcesses())
      expect([name, await attempt(url, DEFINITIONS)]).toEqual([name, each(DEFINITIONS, 'refused')]);
    for (const url of Object.values(stores.databases))
      expect(await attempt(url, DEFINITIONS)).toEqual(each(DEFINITIONS, DONE));
  });

  it('is nothing that leads out of the database, which the superuser may', async () => {
    for (const [name, url] of urlsOfProcesses())
      expect([name, await attempt(url, ESCAPES)]).toEqual([name, each(ESCAPES, 'refused')]);
    expect(await attempt(withPath(cluster.url, 'alpes_order'), ESCAPES)).toEqual(each(ESCAPES, DONE));
  });

  it('is neither to see what others ask nor to end their sessions', async () => {
    const { order, payment } = stores.runtime.databases;
    await withClient(payment, async (victim) => {
      const { rows: own } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const pid = own[0]?.pid ?? 0;
      const spy = `SELECT query FROM pg_stat_activity WHERE pid = ${pid}`;
      const seen = (url: string) =>
        withClient(url, async (client) => (await client.query<{ query: string }>(spy)).rows);
      expect(await seen(order)).toEqual([{ query: '<insufficient privilege>' }]);
      expect(await seen(stores.databases.payment)).toEqual([{ query: expect.stringContaining('pg_backend_pid') }]);
      const kill = [`SELECT pg_terminate_backend(${pid})`];
      expect(await attempt(order, kill)).toEqual(each(kill, 'refused'));
      expect(await attempt(stores.databases.payment, kill)).toEqual(each(kill, DONE));
    });
  });
});

describe('the role of a process', () => {
  const passwords = join(dataDir, 'other-passwords.json');
  const WORK = [
    'INSERT INTO $TABLE (note) VALUES (1)',
    'UPDATE $TABLE SET note = 2',
    'DELETE FROM $TABLE',
    'SELECT * FROM $TABLE FOR UPDATE',
    "NOTIFY channel, 'x'",
  ];

  it('works with the tables of a database that was there before it, and with those of later migrations', async () => {
    const owners = await ensureDatabases(cluster.url, ['earlier'], passwords);
    const make = (name: string) => `CREATE TABLE ${name} (id bigserial PRIMARY KEY, note int)`;
    await withClient(owners.earlier, (client) => client.query(make('before')));
    const { earlier } = await ensureRuntimeRoles(cluster.url, owners, passwords);
    expect(await attempt(earlier, WORK)).toEqual(each(WORK, DONE));
    await withClient(owners.earlier, (client) =>
      client.query(`DROP TABLE before; CREATE SCHEMA later; ${make('after')}; ${make('later.after')}`),
    );
    for (const table of ['after', 'later.after']) {
      const work = WORK.map((sql) => sql.replace('$TABLE', table));
      expect(await attempt(earlier, work)).toEqual(each(work, DONE));
    }
    expect(await ensureRuntimeRoles(cluster.url, owners, passwords)).toEqual({ earlier });
    rmSync(passwords);
    const again = await ensureRuntimeRoles(cluster.url, owners, passwords);
    expect(again).not.toEqual({ earlier });
    expect(await attempt(again.earlier, ['SELECT * FROM after'])).toEqual([['SELECT * FROM after', DONE]]);
  });

  it('is as narrow where it is made with the statements of the how-to', async () => {
    const [asAdministrator = '', asOwner = ''] = codeBlocks(readFileSync(HOW_TO, 'utf8'), 'sql');
    for (const sql of asAdministrator.split(';')) await withClient(cluster.url, (client) => client.query(sql));
    const [owner, runtime] = ['orders_owner', 'orders_runtime'].map((role) =>
      urlOf(cluster.url, 'orders', role, 'PASSWORD'),
    );
    await withClient(owner ?? '', (client) => client.query(asOwner));
    await migrateDatabase('order', owner ?? '');
    expect(await attempt(runtime ?? '', DEFINITIONS)).toEqual(each(DEFINITIONS, 'refused'));
    expect(await attempt(runtime ?? '', ESCAPES)).toEqual(each(ESCAPES, 'refused'));
    const work = [
      'SELECT * FROM orders FOR UPDATE',
      'DELETE FROM messaging.outbox',
      'UPDATE messaging.inbox SET redrive = 0',
    ];
    expect(await attempt(runtime ?? '', work)).toEqual(each(work, DONE));
    expect(runtimeRights('orders_runtime', []).join(';\n')).toBe(asOwner.trim().replace(/;$/, ''));
  });
});
