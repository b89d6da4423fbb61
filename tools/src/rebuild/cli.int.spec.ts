import { connectTransport } from '@alpes/messaging';
import { createTestDatabase, eventually, type TestDatabase } from '@alpes/messaging/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { queryOnce } from '../postgres/with-client.js';
import { lifeOf, newOrders, refusedEvent } from './testing/messages.js';
import { openSite, type Site } from './testing/site.js';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(240_000);

const PATIENCE = { timeoutMs: 120_000, intervalMs: 100 };

let log: TestDatabase;
let site: Site;

const inLog = (sql: string): Promise<object[]> => queryOnce(log.url, sql);

/** All that the broker knows of who reads, and how much was published. */
const traces = () =>
  inLog(`SELECT (SELECT json_agg(c ORDER BY c.topic_id, c.subscription, c.partition)
                 FROM (SELECT topic_id, subscription, partition, acknowledged::text FROM log.cursor) AS c) AS cursors,
                (SELECT json_agg(p ORDER BY p.topic_id, p.number) FROM log.partition AS p) AS partitions,
                (SELECT count(*)::int FROM log.member) AS members`);
/** All that is in the live database. */
const contents = (table: string) =>
  site.sql(`SELECT (SELECT json_agg(t ORDER BY t::text) FROM ${table} AS t) AS rows,
                   (SELECT json_agg(i ORDER BY i.message_id) FROM messaging.inbox AS i) AS inbox,
                   (SELECT count(*)::int FROM messaging.outbox) AS outbox`);

async function open(service: 'reporting' | 'saga-log'): Promise<void> {
  log = await createTestDatabase();
  site = await openSite({ service, brokerUrl: `embedded:${log.url}` });
}
afterEach(async () => {
  await site.close();
  await log.drop();
});

describe.each([
  ['reporting', 'order_reports', 40],
  ['saga-log', 'steps', 120],
] as const)('npm run rebuild -- %s', (service, table, rows) => {
  beforeEach(() => open(service));

  it('makes the same of the same messages, publishes nothing and leaves all else as it is', async () => {
    const orders = newOrders(40);
    await site.publish(orders.flatMap((id) => lifeOf(id)));
    await site.publish(orders.slice(0, 3).map(refusedEvent));
    await site.handled();
    const letters = () => site.transport.browse(`orden-actualizada-${service}-DLQ`, { limit: 10 });
    await eventually(async () => (await letters()).length === 3, { ...PATIENCE, what: 'the letters are published' });
    const before = [await traces(), await contents(table)];
    const name = site.newName();
    const { code, out, err } = await site.run('--name', name);
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining(`--remove ${name}`) as unknown });
    expect(out).toContain(`${service}, rebuilt into ${name}: 123 messages about 40 orders in`);
    expect(out).toMatch(new RegExp(`^${table} +${rows} +${rows} +0  ([0-9a-f]{16})  \\1  same$`, 'm'));
    for (const topic of ['orden-creada', 'orden-actualizada', 'transaccion-creada']) {
      const ends = (await site.transport.extents(topic)).map(({ end = '' }) => end);
      const shown = [...out.matchAll(new RegExp(`^${topic} +\\d+ +\\d+ *(.*)$`, 'gm'))].map(([, end]) => end);
      expect(shown).toEqual(ends);
    }
    expect(out).toMatch(/Dead in both: 3 messages\.\n\nBoth are the same\.\n$/);
    expect([await traces(), await contents(table)]).toEqual(before);
    const made = `SELECT outcome, count(*)::int AS count FROM messaging.inbox GROUP BY outcome ORDER BY outcome`;
    expect(await site.sql(made, name)).toEqual([
      { outcome: 'dead', count: 3 },
      { outcome: 'done', count: 120 },
    ]);
    expect(await site.sql('SELECT * FROM messaging.outbox', name)).toEqual([]);
  });
});

describe('npm run rebuild', () => {
  beforeEach(() => open('reporting'));

  const fill = async (count: number): Promise<string[]> => {
    const orders = newOrders(count).toSorted();
    await site.publish(orders.flatMap((id) => lifeOf(id)));
    await site.handled();
    return orders;
  };
  const databases = async () =>
    (await site.sql<{ name: string }>('SELECT datname AS name FROM pg_database')).map(({ name }) => name);

  it('names what differs: rows that were changed, are missing, or come from nowhere', async () => {
    const [changed = '', missing = '', ...others] = await fill(10);
    const more = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
    await site.sql(`UPDATE order_reports SET status = 'REJECTED', total = 1 WHERE id = '${changed}'`);
    await site.sql(`DELETE FROM order_reports WHERE id = '${missing}'`);
    await site.sql(`INSERT INTO order_reports (id, address) VALUES ('${more}', 'nowhere')`);
    const { code, out } = await site.run('--drop');
    expect(code).toBe(1);
    expect(out).toMatch(/^order_reports +10 +10 +0  ([0-9a-f]{16})  (?!\1)[0-9a-f]{16}  different: 3$/m);
    expect(out).toContain(`order_reports ${changed}: in the live one total is "1", not "2500"; status is "REJECTED"`);
    expect(out).toContain(`order_reports ${missing}: is not in the live one`);
    expect(out).toContain(`order_reports ${more}: is not in the rebuilt one`);
    expect(out).not.toContain(others[0]);
    expect(out).toMatch(/They differ\.\n$/);
  });

  it('tells of what is dead in one of them alone', async () => {
    const [buried = ''] = await fill(5);
    const events = (await site.transport.browse('orden-creada', { limit: 10 })).filter(({ key }) => key === buried);
    const id = events[0]?.properties['ce_id'] ?? '';
    await site.sql(`UPDATE messaging.inbox SET outcome = 'dead' WHERE message_id = '${id}'`);
    const { out } = await site.run('--drop');
    expect(out).toContain(`Dead only in the live one, and handled here: 1\n  ${id}\n`);
    await site.publish([refusedEvent(buried)]);
    await site.handled();
    const dead = `SELECT message_id::text AS id FROM messaging.inbox WHERE outcome = 'dead' AND message_id <> '${id}'`;
    const [other] = await site.sql<{ id: string }>(dead);
    await site.sql(`UPDATE messaging.inbox SET outcome = 'done' WHERE message_id = '${other?.id}'`);
    const again = await site.run('--drop');
    expect(again.out).toContain(`${other?.id} of orden-actualizada: rule-broken: `);
    expect(again).toMatchObject({ code: 0 });
  });

  it('refuses a topic whose first messages are gone, and makes nothing', async () => {
    await fill(40);
    await inLog(`UPDATE log.message SET published_at = published_at - interval '2 days'
                 WHERE topic_id = (SELECT id FROM log.topic WHERE name = 'orden-creada') AND "offset" < 2`);
    const cleaning = connectTransport(`embedded:${log.url}`, { retentionMs: 24 * 3_600_000 });
    const cleaned = await cleaning.clean?.(100);
    await cleaning.close();
    expect(cleaned).toBe(4);
    const name = site.newName();
    const { code, out, err } = await site.run('--name', name);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const partition of [0, 1]) {
      expect(err).toContain(`orden-creada, partition ${partition}: its first 2 messages are gone\n`);
    }
    expect(await databases()).not.toContain(name);
  });

  it('compares while messages are published, and leaves out what they are about', async () => {
    const old = await fill(100);
    const state = { over: false };
    const publishing = (async () => {
      for (let turn = 0; !state.over; turn += 1, await delay(20)) {
        const [fresh = ''] = newOrders(1);
        await site.publish([...lifeOf(fresh), ...lifeOf(old[turn % 5] ?? '', `Calle ${turn}`)]);
      }
    })();
    const { code, out } = await site.run('--json', '--drop');
    state.over = true;
    await publishing;
    const { same, verdict, messages } = JSON.parse(out) as {
      same: boolean;
      messages: number;
      verdict: { leftOut: number; tables: { rows: { live: number; rebuilt: number }; leftOut: number }[] };
    };
    expect({ code, same }).toEqual({ code: 0, same: true });
    expect(messages).toBeGreaterThan(300);
    expect(verdict.leftOut).toBeGreaterThan(0);
    const [{ rows, leftOut } = { rows: { live: 0, rebuilt: 0 }, leftOut: 0 }] = verdict.tables;
    expect(rows.live).toBeGreaterThanOrEqual(95);
    expect(rows.rebuilt).toBe(rows.live);
    expect(leftOut).toBeGreaterThan(0);
  });

  it('says that nothing could be compared, where all is left out', async () => {
    const orders = await fill(3);
    // It waits before the live table until of every order more is published.
    const client = new Client({ connectionString: site.liveUrl });
    await client.connect();
    await client.query('BEGIN; LOCK TABLE order_reports IN ACCESS EXCLUSIVE MODE');
    const running = site.start('--drop');
    const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'order_reports'::regclass
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
    const isWaiting = async () => (await site.sql(waiting)).length > 0;
    await eventually(isWaiting, { ...PATIENCE, what: 'it waits' });
    await site.publish(orders.flatMap((id) => lifeOf(id, 'Calle 2')));
    await client.end();
    const { code, out } = await running.ended;
    expect(out).toMatch(/^order_reports +0 +0 +3 .* not compared$/m);
    expect(out).toContain('Left out: 3 orders, of which more was published meanwhile.\n\nNothing could be compared: ');
    expect(out).toMatch(/Repeat this when there is less traffic\.\n$/);
    expect(code).toBe(1);
  });

  it('says that nothing could be compared, where no table is in both', async () => {
    await fill(3);
    await site.sql('ALTER TABLE order_reports RENAME TO another');
    const { code, out } = await site.run('--drop');
    expect(out).toMatch(/Nothing could be compared: they have no table in common\.\n$/);
    expect(code).toBe(1);
  });

  it('says what the live service has not handled, if it does not in time', async () => {
    await fill(5);
    await site.stopService();
    await site.publish(newOrders(20).flatMap((id) => lifeOf(id)));
    const { code, out } = await site.run('--wait', '0.1', '--drop');
    expect(code).toBe(1);
    expect(out).toContain('Not compared: reporting itself has not handled all of this yet\n');
    expect(out).toMatch(/^ {2}orden-creada, partition 0, 1 \(backlog of the topic: 20\)$/m);
  });

  it('compares what both have, where the read model was changed', async () => {
    await fill(5);
    await site.sql('ALTER TABLE order_reports ADD COLUMN colour text');
    await site.sql('CREATE TABLE shelves (id integer PRIMARY KEY)');
    const { code, out } = await site.run('--drop');
    expect(code).toBe(0);
    expect(out).toContain('Not compared: order_reports.colour, which only the live one has.\n');
    expect(out).toContain('Not compared: the table shelves, which only the live one has.\n');
  });

  it('fills an empty database that somebody has made, and no other', async () => {
    await fill(5);
    const empty = await createTestDatabase();
    expect(await site.run('--into', empty.url)).toMatchObject({ code: 0 });
    const again = await site.run('--into', empty.url);
    expect(again).toMatchObject({ code: 1, err: 'the database of --into is not empty: it has tables\n' });
    expect(await site.run('--into', site.liveUrl)).toMatchObject({ code: 1, out: '' });
    await empty.drop();
  });

  it('makes no database twice, and removes none but its own', async () => {
    await fill(5);
    const name = site.newName();
    expect(await site.run('--name', name)).toMatchObject({ code: 0 });
    const twice = await site.run('--name', name);
    expect(twice).toMatchObject({ code: 1, err: expect.stringContaining('exists already') as unknown });
    const live = new URL(site.liveUrl).pathname.slice(1);
    const refused = await site.run('--remove', live);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('was not made by a rebuild') as unknown });
    expect(await site.run('--remove', name)).toMatchObject({ code: 0 });
    expect(await databases()).not.toContain(name);
    expect(await databases()).toContain(live);
  });

  it('says what a role lacks that may not make databases', async () => {
    await fill(1);
    const live = new URL(site.liveUrl);
    const role = `poor_${live.pathname.slice(-8)}`;
    await site.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x'; GRANT pg_read_all_data TO ${role}`);
    [live.username, live.password] = [role, 'x'];
    const { startRebuild } = await import('./testing/run-rebuild.js');
    const env = { ...site.env, DATABASE_URL_REPORTING: live.href };
    const { code, err } = await startRebuild(['reporting'], env).ended;
    expect(code).toBe(1);
    expect(err).toContain(`ALTER ROLE ${role} CREATEDB`);
    expect(err).toContain('--into URL');
    await site.sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it('leaves the live database as it is when it is stopped, and says what to remove', async () => {
    await fill(5);
    await site.stopService();
    await site.publish(newOrders(5).flatMap((id) => lifeOf(id)));
    const before = [await traces(), await contents('order_reports')];
    const name = site.newName();
    const running = site.start('--name', name);
    await eventually(() => running.said().includes('Waiting for reporting'), { ...PATIENCE, what: 'it waits' });
    running.interrupt();
    const { code, out, err } = await running.ended;
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toContain(`The database ${name} is there. To drop it: npm run rebuild -- reporting --remove ${name}\n`);
    expect(err).toMatch(/Stopped\. The live database is as it was\.\n$/);
    expect([await traces(), await contents('order_reports')]).toEqual(before);
    expect(await site.run('--remove', name)).toMatchObject({ code: 0 });
  });

  it('follows what is published until it is told to end, and then has everything', async () => {
    await fill(10);
    const name = site.newName();
    const running = site.start('--name', name, '--follow');
    await eventually(() => running.said().includes('follows'), { ...PATIENCE, what: 'it follows' });
    await site.stopService();
    const orders = newOrders(30);
    await site.publish(orders.flatMap((id) => lifeOf(id)));
    running.interrupt();
    const { code, out, err } = await running.ended;
    expect(code).toBe(0);
    expect(out).toMatch(/Both are the same\.\n$/);
    expect(err).toContain(`${name} has all 120 messages that were published until now. Start reporting with it.\n`);
    const [row] = await site.sql<{ count: number }>('SELECT count(*)::int AS count FROM order_reports', name);
    expect(row).toEqual({ count: 40 });
  });

  it('tells a broker that is away, and a database that is', async () => {
    const { startRebuild } = await import('./testing/run-rebuild.js');
    const nowhere = 'postgresql://a:b@127.0.0.1:1/c';
    for (const change of [{ DATABASE_URL_REPORTING: nowhere }, { BROKER_URL: `embedded:${nowhere}` }]) {
      const { code, err } = await startRebuild(['reporting'], { ...site.env, ...change }).ended;
      expect(code).toBe(1);
      expect(err).toContain('127.0.0.1:1');
    }
  });
});
