import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { connectPrisma, createShopDatabase, type ShopDatabase, type Tx } from '../fixtures/shop/database.js';
import type { PrismaClient } from '../fixtures/shop/src/gen/prisma/client.js';
import { AlpesError } from './errors.js';
import { eventually } from './testing/eventually.js';
import { gate } from './testing/gate.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

/** What AlpesError makes of what the work throws. */
async function codeOf(work: () => PromiseLike<unknown>): Promise<string> {
  try {
    await work();
  } catch (thrown) {
    return AlpesError.from(thrown).code;
  }
  return 'no error';
}

const WAYS: readonly [string, (prisma: PrismaClient, work: (tx: Tx) => PromiseLike<unknown>) => Promise<unknown>][] = [
  ['outside of transactions', async (prisma, work) => work(prisma)],
  ['in a transaction', (prisma, work) => prisma.$transaction(async (tx) => work(tx))],
];

const STOCK = `INSERT INTO stock VALUES ('a', 0), ('b', 0)`;

let database: ShopDatabase;
let other: PrismaClient;
let admin: Client;
const clients: PrismaClient[] = [];

/** A client whose pool has one connection. */
function connect(url: string, settings: Record<string, unknown> = {}): PrismaClient {
  const client = connectPrisma(url, { max: 1, lock_timeout: 100, connectionTimeoutMillis: 1_000, ...settings });
  clients.push(client);
  return client;
}

beforeAll(async () => {
  database = await createShopDatabase();
  other = connect(database.url, { max: 4 });
  admin = new Client({ connectionString: process.env['TEST_DATABASE_URL'] });
  await admin.connect();
  await database.prisma.$executeRawUnsafe(STOCK);
});
afterAll(async () => {
  await admin.end();
  await Promise.all(clients.map((client) => client.$disconnect()));
  await database.drop();
});

const take = (tx: Tx, sku: string) => tx.$executeRawUnsafe('UPDATE stock SET sold = sold + 1 WHERE sku = $1', sku);

describe.each(WAYS)('a database error %s', (_name, run) => {
  it('is unknown if a unique key is violated, by a statement or a model', async () => {
    expect(await codeOf(() => run(database.prisma, (tx) => tx.$executeRawUnsafe(STOCK)))).toBe('unknown');
    const data = { sku: 'a' };
    expect(await codeOf(() => run(database.prisma, (tx) => tx.stock.create({ data })))).toBe('unknown');
  });

  it('is unknown if the statement itself is wrong, whatever its SQLSTATE has in common with outages', async () => {
    const wrong = ['SELECT 1 / 0', 'SELECT * FRON stock', `SELECT currval('messaging.outbox_id_seq')`];
    for (const sql of wrong) expect(await codeOf(() => run(other, (tx) => tx.$queryRawUnsafe(sql)))).toBe('unknown');
    const internal = `DO $$ BEGIN RAISE EXCEPTION 'inside' USING errcode = 'XX000'; END $$`;
    expect(await codeOf(() => run(database.prisma, (tx) => tx.$executeRawUnsafe(internal)))).toBe('unknown');
  });

  it('is unavailable if what it needs is not there, as before a migration: a table, a column', async () => {
    for (const sql of ['SELECT * FROM nowhere', 'SELECT colour FROM stock'])
      expect(await codeOf(() => run(other, (tx) => tx.$queryRawUnsafe(sql)))).toBe('unavailable');
    await other.$executeRawUnsafe('ALTER TABLE stock RENAME sold TO gone');
    try {
      expect(await codeOf(() => run(other, (tx) => tx.stock.findMany()))).toBe('unavailable');
    } finally {
      await other.$executeRawUnsafe('ALTER TABLE stock RENAME gone TO sold');
    }
    expect(await codeOf(() => run(other, (tx) => tx.stock.findMany()))).toBe('no error');
  });

  it('is a conflict after waiting too long for a lock', async () => {
    const [locked, done] = [gate(), gate()];
    const holder = database.prisma.$transaction(async (tx) => {
      await take(tx, 'a');
      locked.open();
      await done.passed;
    });
    await locked.passed;
    expect(await codeOf(() => run(other, (tx) => take(tx, 'a')))).toBe('conflict');
    expect(await codeOf(() => run(other, (tx) => tx.stock.update({ where: { sku: 'a' }, data: { sold: 0 } })))).toBe(
      'conflict',
    );
    done.open();
    await holder;
  });

  it('is a conflict if a statement takes too long', async () => {
    const slow = connect(database.url, { statement_timeout: 50 });
    expect(await codeOf(() => run(slow, (tx) => tx.$executeRawUnsafe('SELECT pg_sleep(2)')))).toBe('conflict');
  });

  it('is unavailable if the backend is terminated during a statement', async () => {
    const running = codeOf(() => run(other, (tx) => tx.$executeRawUnsafe('SELECT pg_sleep(5), 4711')));
    const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE query LIKE '%pg_sleep(5), 4711' AND state = 'active' AND pid <> pg_backend_pid()`;
    await eventually(async () => (await admin.query(terminate)).rowCount === 1);
    expect(await running).toBe('unavailable');
    expect(await codeOf(() => run(other, (tx) => tx.$queryRawUnsafe('SELECT 1 AS one')))).toBe('no error');
  });

  it('is unavailable if nobody listens, nobody answers, or the connection is cut', async () => {
    const sockets = new Set<Socket>();
    const listen = async (onData: (socket: Socket) => void): Promise<Server> => {
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.once('data', () => onData(socket));
      });
      return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    };
    const servers = await Promise.all([
      listen(() => {}),
      listen((socket) => socket.resetAndDestroy()),
      listen((socket) => socket.end()),
    ]);
    const ports = [1, ...servers.map((server) => (server.address() as AddressInfo).port)];
    for (const port of ports) {
      const client = connect(`postgresql://somebody@127.0.0.1:${port}/shop`, { connectionTimeoutMillis: 200 });
      expect(await codeOf(() => run(client, (tx) => tx.$queryRawUnsafe('SELECT 1 AS one')))).toBe('unavailable');
      expect(await codeOf(() => run(client, (tx) => tx.order.findMany()))).toBe('unavailable');
    }
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  });

  it('is unavailable if the database takes no connections', async () => {
    const client = connect(database.url);
    const name = new URL(database.url).pathname.slice(1);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    try {
      expect(await codeOf(() => run(client, (tx) => tx.$queryRawUnsafe('SELECT 1 AS one')))).toBe('unavailable');
      expect(await codeOf(() => run(client, (tx) => tx.order.findMany()))).toBe('unavailable');
    } finally {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    }
  });

  it('is unavailable if there are too many connections, no such database, or no entry', async () => {
    const role = `few_${new URL(database.url).pathname.slice(1)}`;
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'few' CONNECTION LIMIT 0`);
    const few = new URL(database.url);
    [few.username, few.password] = [role, 'few'];
    const locked = new URL(few);
    locked.password = 'wrong';
    const missing = new URL(database.url);
    missing.pathname = '/no_such_database';
    for (const { href } of [few, locked, missing]) {
      const client = connect(href);
      expect(await codeOf(() => run(client, (tx) => tx.$queryRawUnsafe('SELECT 1 AS one')))).toBe('unavailable');
      expect(await codeOf(() => run(client, (tx) => tx.order.findMany()))).toBe('unavailable');
    }
    await admin.query(`DROP ROLE ${role}`);
  });

  it('is transient if no connection of the pool becomes free in time', async () => {
    const client = connect(database.url, { connectionTimeoutMillis: 100 });
    const [held, done] = [gate(), gate()];
    const holder = client.$transaction(async () => {
      held.open();
      await done.passed;
    });
    await held.passed;
    const waiting = run(client, (tx) => tx.$queryRawUnsafe('SELECT 1 AS one')).catch((thrown: unknown) => thrown);
    expect(AlpesError.from(await waiting).nature).toBe('transient');
    done.open();
    await holder;
  });
});

describe('an error of a whole transaction', () => {
  it('is a conflict if it deadlocks', async () => {
    const [one, two] = [gate(), gate()];
    const patient = connect(database.url, { max: 2, lock_timeout: 10_000 });
    const cross = (first: string, mine: ReturnType<typeof gate>, second: string, theirs: ReturnType<typeof gate>) =>
      codeOf(() =>
        patient.$transaction(async (tx) => {
          await take(tx, first);
          mine.open();
          await theirs.passed;
          await take(tx, second);
        }),
      );
    const codes = await Promise.all([cross('a', one, 'b', two), cross('b', two, 'a', one)]);
    expect(codes.toSorted()).toEqual(['conflict', 'no error']);
  });

  it('is a conflict if it can not be serialised', async () => {
    const failing = (work: (tx: Tx) => PromiseLike<unknown>) =>
      codeOf(() =>
        database.prisma.$transaction(
          async (tx) => {
            await tx.stock.findMany();
            await take(other, 'a');
            await work(tx);
          },
          { isolationLevel: 'RepeatableRead' },
        ),
      );
    expect(await failing((tx) => take(tx, 'a'))).toBe('conflict');
    expect(await failing((tx) => tx.stock.update({ where: { sku: 'a' }, data: { sold: 0 } }))).toBe('conflict');
  });

  it.each(['at its next statement', 'at its commit'])('is transient if it idled too long, %s', async (when) => {
    const client = connect(database.url, { idle_in_transaction_session_timeout: 50 });
    const work = client.$transaction(async (tx) => {
      await take(tx, 'a');
      const [backend] = await tx.$queryRawUnsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      const alive = 'SELECT 1 FROM pg_stat_activity WHERE pid = $1';
      await eventually(async () => (await admin.query(alive, [backend?.pid])).rowCount === 0);
      if (when === 'at its next statement') await take(tx, 'b');
    });
    const error = AlpesError.from(await work.catch((thrown: unknown) => thrown));
    expect(error.nature).toBe('transient');
  });

  it.each(['at its next statement', 'at its commit'])('is a conflict if Prisma gave it up, %s', async (when) => {
    const code = await codeOf(() =>
      database.prisma.$transaction(
        async (tx) => {
          const started = performance.now();
          await eventually(() => performance.now() - started > 60);
          if (when === 'at its next statement') await take(tx, 'a');
        },
        { timeout: 50 },
      ),
    );
    expect(code).toBe('conflict');
  });

  it('is a conflict if it could not begin in time', async () => {
    const client = connect(database.url, { connectionTimeoutMillis: 5_000 });
    const nested = client.$transaction(() => client.$transaction((tx) => take(tx, 'a'), { maxWait: 50 }));
    expect(await codeOf(() => nested)).toBe('conflict');
  });
});
