import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrateEmbeddedLog } from '../../migrations/migrate.js';
import { BATCH_BYTES } from '../../size-limit.js';
import { eventually } from '../../testing/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.js';
import { cursorsOf } from './cursors.js';
import { type Database, openDatabase } from './database.js';
import { joinSubscription, type Membership } from './membership.js';
import { append } from './append.js';
import { read } from './read.js';
import { startPositions } from './start-position.js';
import { createTopicLookup, declareTopics, type Topic } from './topics.js';

const LONG_LEASE = 60_000;
const SHORT_LEASE = 400;

describe('the members of a subscription', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let topic: Topic;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    await migrateEmbeddedLog(testDatabase.url);
    database = openDatabase(testDatabase.url);
  });

  beforeEach(async () => {
    const name = randomUUID();
    await declareTopics(database, [{ topic: name, subscriptions: ['team'] }], 8);
    topic = await createTopicLookup(database)(name);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const join = (leaseMs: number) => joinSubscription(database, topic, 'team', leaseMs);
  /** All of them look once, at the same time; returns the partitions of each. */
  const round = (members: readonly Membership[]): Promise<number[][]> =>
    Promise.all(members.map(async (member) => sorted((await member.renew()).partitions)));
  const sorted = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other);
  /** Who gives back does so in one round, who takes that in the next. */
  const settle = async (members: readonly Membership[]): Promise<number[][]> => {
    await round(members);
    await round(members);
    return round(members);
  };
  const ALL = [0, 1, 2, 3, 4, 5, 6, 7];
  const expectComplete = (shares: readonly (readonly number[])[]): void => {
    expect(sorted(shares.flat())).toEqual(ALL);
    const sizes = shares.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  };

  it('share all partitions evenly, however many of them come and go', async () => {
    const members: Membership[] = [];
    for (const count of [1, 2, 3, 4, 5, 3, 5, 2, 4, 1]) {
      while (members.length < count) members.push(join(LONG_LEASE));
      while (members.length > count) await members.shift()?.leave();
      const shares = await settle(members);
      expect(shares).toHaveLength(count);
      expectComplete(shares);
    }
  });

  it('never have a partition twice on the way there', async () => {
    const owners = () =>
      database.query<{ partition: number }>(
        'SELECT partition FROM log.cursor WHERE topic_id = $1 AND owner IS NOT NULL ORDER BY partition',
        [topic.id],
      );
    const members = [join(LONG_LEASE)];
    expectComplete(await settle(members));
    const newcomer = join(LONG_LEASE);
    expect((await newcomer.renew()).partitions.length).toBe(0);
    expect(await owners()).toHaveLength(8);
    const claim = await members[0]?.renew();
    expect(claim?.gaveBack).toBe(true);
    expect(await owners()).toHaveLength(4);
    expect((await newcomer.renew()).partitions.length).toBe(4);
    expect((await members[0]?.renew())?.gaveBack).toBe(false);
  });

  it('who are more than the partitions wait, and take over', async () => {
    const members = Array.from({ length: 10 }, () => join(LONG_LEASE));
    const shares = await settle(members);
    expect(sorted(shares.map(({ length }) => length))).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    for (const member of members.splice(0, 3)) await member.leave();
    expect(sorted((await settle(members)).flat())).toEqual(ALL);
  });

  it('take the share of a dead one after its lease, and not before', async () => {
    const [dead, heir] = [join(SHORT_LEASE), join(LONG_LEASE)];
    const startedAt = performance.now();
    const [, before] = await settle([dead, heir]);
    expect(before).toHaveLength(4);
    const taken = async () => (await heir.renew()).partitions.length === 8;
    await eventually(taken, { timeoutMs: 5 * SHORT_LEASE });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(SHORT_LEASE);
  });

  it('read nothing under a lease that has ended, and have their share again if nobody took it', async () => {
    const member = join(SHORT_LEASE);
    const message = { topic: topic.name, key: 'k', properties: {}, payload: new Uint8Array() };
    await append(database, [{ topic, message }]);
    const { partitions } = await member.renew();
    const positions = new Map(partitions.map((partition) => [partition, 0n]));
    const reading = () =>
      read(database, topic, positions, { max: 10, bytes: BATCH_BYTES }, { subscription: 'team', owner: member.id });
    expect(await reading()).toHaveLength(1);
    await eventually(async () => (await reading()).length === 0, { timeoutMs: 5 * SHORT_LEASE });
    expect((await member.renew()).partitions.length).toBe(8);
    expect(await reading()).toHaveLength(1);
  });

  it('forget those who died when one leaves, and not those who live', async () => {
    const [dead, leaving, staying] = [join(1), join(LONG_LEASE), join(LONG_LEASE)];
    await settle([dead, leaving, staying]);
    const ids = async () =>
      (await database.query<{ id: string }>('SELECT id::text FROM log.member WHERE topic_id = $1', [topic.id])).map(
        (row) => row.id,
      );
    await eventually(async () => {
      await leaving.leave();
      return (await ids()).length === 1;
    });
    expect(await ids()).toEqual([staying.id]);
  });

  it('that acknowledge, claim and leave all at once are never in each other’s way', async () => {
    const cursors = cursorsOf(database, topic, 'team');
    const messages = Array.from({ length: 400 }, (_, n) => ({
      topic,
      message: { topic: topic.name, key: `key-${n}`, properties: {}, payload: new Uint8Array() },
    }));
    await append(database, messages);
    const all = await read(database, topic, await startPositions(database, topic, 'earliest'), {
      ...{ max: 400, bytes: BATCH_BYTES },
    });
    const acknowledging = Array.from({ length: 40 }, (_, n) =>
      cursors.acknowledge(all.filter((_message, index) => (index * 7 + n) % 40 < 3).toReversed()),
    );
    const churning = Array.from({ length: 20 }, async () => {
      const member = join(1);
      await member.renew();
      await member.renew();
      await member.leave();
    });
    await Promise.all([...acknowledging, ...churning]);
    expect(await cursors.backlog()).toBe(0);
  });
});
