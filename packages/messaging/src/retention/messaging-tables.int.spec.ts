import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { createShopDatabase, type ShopDatabase, type Tx } from '../../fixtures/shop/database.js';
import { prismaInboxStore } from '../inbox/prisma-store.js';
import type { SqlClient } from '../sql.js';
import { gate } from '../testing/gate.js';
import { messagingTables } from './messaging-tables.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(120_000);

const DAY_MS = 24 * 3_600_000;
const RETENTION_MS = 30 * DAY_MS;

let database: ShopDatabase;
beforeAll(async () => {
  database = await createShopDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const tables = ['inbox', 'attempt', 'large_body', 'in_hand', 'outbox'].map((name) => `messaging.${name}`);
  await database.prisma.$executeRawUnsafe(`TRUNCATE ${tables.join(', ')}`);
});

const store = () => prismaInboxStore<Tx>(database.prisma);
const clean = (table: string, limit = 1_000, sql: SqlClient = database.prisma): Promise<number> =>
  messagingTables(sql, RETENTION_MS)[table]?.(limit) ?? Promise.reject(new Error(`nobody cleans ${table}`));
const claim = (ids: readonly string[]) =>
  database.prisma.$transaction((tx) =>
    store().claim(
      tx,
      'order',
      ids.map((messageId) => ({ messageId, redrive: 0 })),
    ),
  );
const idsOf = async (table = 'inbox', sql: SqlClient = database.prisma): Promise<string[]> => {
  const rows = await sql.$queryRawUnsafe<{ id: string }[]>(
    `SELECT message_id::text AS id FROM messaging.${table} ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
};

/** Messages that were handled so long ago, one a microsecond after the other; returns their ids, oldest first. */
async function handled(count: number, days: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  const sql = `
    INSERT INTO messaging.inbox (subscription, message_id, outcome, handled_at)
    SELECT 'order', id, 'done', now() - $2::int * interval '1 day' + n * interval '1 microsecond'
    FROM unnest($1::uuid[]) WITH ORDINALITY AS m (id, n)`;
  await database.prisma.$executeRawUnsafe(sql, ids, days);
  return ids;
}

describe('a row of messaging', () => {
  const tables = {
    inbox: [
      `INSERT INTO messaging.inbox (subscription, message_id, outcome, handled_at) VALUES ('order', $1::uuid, 'done',`,
      30,
    ],
    attempt: [
      `INSERT INTO messaging.attempt (subscription, message_id, attempts, tried_at) VALUES ('order', $1::uuid, 3,`,
      30,
    ],
    large_body: [
      `INSERT INTO messaging.large_body (subscription, message_id, body, stored_at) VALUES ('order', $1::uuid, '',`,
      30,
    ],
    in_hand: [
      `INSERT INTO messaging.in_hand (subscription, consumer, message_ids, taken_at) VALUES ('order', $1::uuid, '{}',`,
      1,
    ],
  } as const;

  // The time of a transaction stands still, so that the border can be met.
  it.each(Object.entries(tables))(
    'of %s goes once it is older than it is kept, and not before',
    async (table, entry) => {
      const [insert, days] = entry;
      const left = await database.prisma.$transaction(async (tx) => {
        const ages = [`${days} days 1 microsecond`, `${days} days`, `${days - 1} days`, '0'];
        const ids = ages.map(() => uuidv7());
        for (const [n, age] of ages.entries()) {
          await tx.$executeRawUnsafe(`${insert} now() - '${age}'::interval)`, ids[n]);
        }
        expect(await clean(`messaging.${table}`, 1_000, tx)).toBe(1);
        const column = table === 'in_hand' ? 'consumer' : 'message_id';
        const sql = `SELECT ${column}::text AS id FROM messaging.${table}`;
        const rows = await tx.$queryRawUnsafe<{ id: string }[]>(sql);
        return { ids, kept: rows.map(({ id }) => id).toSorted() };
      });
      expect(left.kept).toEqual(left.ids.slice(1).toSorted());
    },
  );

  it('stays for as long as a letter tells of its message, and the body while that is dead', async () => {
    const { prisma } = database;
    const bury = async (): Promise<string> => {
      const messageId = uuidv7();
      await prisma.$transaction(async (tx) => {
        await store().markDead(tx, 'order', { messageId, redrive: 0 });
        await store().keepLargeBody(tx, 'order', messageId, Buffer.from('large'));
      });
      return messageId;
    };
    const ids = [await bury(), await bury(), await bury()];
    const [dead = '', dropped = '', redriven = ''] = ids;
    await prisma.$transaction(async (tx) => {
      await store().markDropped(tx, 'order', [{ messageId: dropped, redrive: 0 }]);
      await store().markRedriven(tx, 'order', [{ messageId: redriven, redrive: 0 }]);
      await store().claim(tx, 'order', [{ messageId: redriven, redrive: 1 }]);
    });
    await prisma.$executeRawUnsafe(`UPDATE messaging.inbox SET handled_at = now() - interval '1 year'`);
    await prisma.$executeRawUnsafe(`UPDATE messaging.large_body SET stored_at = now() - interval '1 year'`);
    expect(await clean('messaging.inbox')).toBe(0);
    expect(await clean('messaging.large_body')).toBe(2);
    expect(await idsOf()).toEqual(ids.toSorted());
    expect(await idsOf('large_body')).toEqual([dead]);
  });

  it('goes in steps, the oldest first', async () => {
    const young = await handled(5, 29);
    const old = [...(await handled(3, 40)), ...(await handled(4, 35))];
    expect(await clean('messaging.inbox', 4)).toBe(4);
    expect(await idsOf()).toEqual([...old.slice(4), ...young].toSorted());
    expect(await clean('messaging.inbox', 4)).toBe(3);
    expect(await clean('messaging.inbox', 4)).toBe(0);
    expect(await idsOf()).toEqual(young.toSorted());
  });

  it('is found by an index', async () => {
    const sql = `EXPLAIN SELECT ctid FROM messaging.inbox
      WHERE outcome = 'done' AND redrive = 0 AND handled_at < now() ORDER BY handled_at LIMIT 10`;
    await handled(5_000, 1);
    await database.prisma.$executeRawUnsafe('ANALYZE messaging.inbox');
    expect(JSON.stringify(await database.prisma.$queryRawUnsafe(sql))).toContain('inbox_handled_at');
  });
});

describe('cleaning', () => {
  /** Does `during` while a transaction has done `work` and is not over. A wait for it would end at the lock timeout. */
  const besideOpen = async (work: (tx: Tx) => Promise<unknown>, during: () => Promise<void>): Promise<void> => {
    const [begun, done] = [gate(), gate()];
    const open = database.prisma.$transaction(
      async (tx) => {
        await work(tx);
        begun.open();
        await done.passed;
      },
      { timeout: 60_000 },
    );
    await begun.passed;
    await during().finally(done.open);
    await open;
  };

  it('holds up nobody who claims, buries, counts or notes, however long its step takes', async () => {
    await handled(50, 40);
    const [known = ''] = await handled(1, 29);
    await besideOpen(
      async (tx) => expect(await clean('messaging.inbox', 50, tx)).toBe(50),
      async () => {
        const fresh = Array.from({ length: 100 }, () => uuidv7());
        expect([...(await claim([...fresh, known]))].toSorted()).toEqual(fresh);
        const dead = { messageId: uuidv7(), redrive: 0 };
        expect(await database.prisma.$transaction((tx) => store().markDead(tx, 'order', dead))).toBe(true);
        expect(await store().countAttempt('order', { messageId: uuidv7(), redrive: 0 })).toBe(1);
        expect(await store().takeInHand(uuidv4(), 'order', fresh)).toBe(false);
      },
    );
    expect(await idsOf()).toHaveLength(102);
  });

  it('leaves what somebody has in hand for later, and waits for nobody', async () => {
    const old = await handled(10, 40);
    const again = old.slice(2, 5);
    await besideOpen(
      (tx) =>
        store().claim(
          tx,
          'order',
          again.map((messageId) => ({ messageId, redrive: 0 })),
        ),
      async () => {
        expect(await clean('messaging.inbox')).toBe(7);
      },
    );
    expect(await idsOf()).toEqual(again.toSorted());
    expect(await clean('messaging.inbox')).toBe(3);
  });

  it('is shared by replicas that do it at once', async () => {
    await handled(10, 40);
    await besideOpen(
      async (tx) => expect(await clean('messaging.inbox', 6, tx)).toBe(6),
      async () => expect(await clean('messaging.inbox', 6)).toBe(4),
    );
    expect(await idsOf()).toEqual([]);
  });

  it('goes on beside a load of claims, old messages that come again among them: nothing fails, also by no deadlock', async () => {
    const old = await handled(6_000, 40);
    const young = await handled(1_000, 29);
    const pick = (ids: readonly string[]): string => ids[Math.floor(Math.random() * ids.length)] ?? '';
    let cleaning = 3;
    const goesOn = (): boolean => cleaning > 0;
    const fresh: string[] = [];
    const load = async (): Promise<void> => {
      while (goesOn()) {
        const mine = Array.from({ length: 20 }, () => uuidv7());
        const again = Array.from({ length: 5 }, () => [pick(old), pick(young)]).flat();
        const claimed = await claim([...new Set([...mine, ...again])]);
        expect(mine.filter((id) => !claimed.has(id))).toEqual([]);
        expect(young.filter((id) => claimed.has(id))).toEqual([]);
        await store().countAttempt('order', { messageId: pick(old), redrive: 0 });
        fresh.push(...mine);
      }
    };
    const replica = async (): Promise<void> => {
      while (goesOn() && (await clean('messaging.inbox', 100)) > 0);
      cleaning -= 1;
    };
    await Promise.all([load(), load(), load(), load(), replica(), replica(), replica()]).finally(() => {
      cleaning = 0;
    });
    // What was in somebody's hand to the last.
    await clean('messaging.inbox');
    const left = new Set(await idsOf());
    expect([...young, ...fresh].filter((id) => !left.has(id))).toEqual([]);
    const handledAgo = `SELECT 1 FROM messaging.inbox WHERE handled_at < now() - interval '30 days'`;
    expect(await database.prisma.$queryRawUnsafe(handledAgo)).toEqual([]);
  });
});
