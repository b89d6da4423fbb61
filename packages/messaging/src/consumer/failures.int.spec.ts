import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Lab, manyPlaced, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { AlpesError } from '../errors.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

/** A handler that fails on these messages, and remembers how often it saw each. */
function failingOn(messages: readonly TransportMessage[], error: () => Error = () => new Error('broken')) {
  const ids = new Set(messages.map(({ properties }) => properties['ce_id'] ?? ''));
  const tries = new Map<string, number>();
  return {
    triesOf: ({ properties }: TransportMessage) => tries.get(properties['ce_id'] ?? '') ?? 0,
    heal: () => ids.clear(),
    misbehave: ({ envelope: { id } }: { envelope: { id: string } }) => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      if (ids.has(id)) throw error();
    },
  };
}

describe('a message that fails', () => {
  it('harms only itself, in a batch with others', async () => {
    const orders = manyPlaced(9);
    const poison = placed('ana');
    const { misbehave, triesOf } = failingOn([poison]);
    await lab.publish([...orders.slice(0, 4), poison, ...orders.slice(4)]);
    lab.start({ misbehave });
    expect((await lab.writtenAre(9)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    const [letter] = await lab.lettersAre(1);
    expect(letter?.properties['ce_id']).toBe(poison.properties['ce_id']);
    // Once together with the others, then three times alone.
    expect(triesOf(poison)).toBe(4);
    // The others twice, if they stood before it, and once if behind.
    expect(orders.map(triesOf)).toEqual([2, 2, 2, 2, 1, 1, 1, 1, 1]);
    expect(await lab.database.prisma.$queryRawUnsafe('SELECT * FROM messaging.attempt')).toEqual([]);
  });

  it('holds up the later messages of its key, which follow it in their order, and no other key', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((sku) => placed('ana', { sku })) as [
      TransportMessage,
      TransportMessage,
      TransportMessage,
    ];
    const others = manyPlaced(12);
    const { misbehave, heal, triesOf } = failingOn([first], () => new AlpesError('conflict', 'not now'));
    lab.start({ misbehave });
    await lab.publish([first, second, ...others.slice(0, 6)]);
    await lab.writtenAre(6);
    await lab.publish([third, ...others.slice(6)]);
    await lab.writtenAre(12);
    await eventually(() => triesOf(first) > 6);
    expect(triesOf(second)).toBe(0);
    heal();
    const written = await lab.writtenAre(15);
    expect(written.slice(12)).toEqual([first, second, third].map(orderOf));
    expect(await lab.letters()).toEqual([]);
    await lab.drained();
  });

  it('lets the later messages of its key go on once it is dead', async () => {
    const orders = ['a', 'b', 'c'].map((sku) => placed('ana', { sku }));
    const { misbehave } = failingOn(orders.slice(0, 1));
    lab.start({ misbehave });
    await lab.publish(orders);
    expect(await lab.writtenAre(2)).toEqual(orders.slice(1).map(orderOf));
    expect(await lab.lettersAre(1)).toHaveLength(1);
    await lab.drained();
  });
});

describe('a message that can never be handled', () => {
  it('is dead at once, with the reason, its headers, its body and where it was', async () => {
    const garbage = { ...placed('ana'), payload: Uint8Array.of(0xff, 0xff, 0xff, 0x00) };
    const alien = placed('bea');
    const alienType = { ...alien, properties: { ...alien.properties, ce_type: 'shop.v1.SomethingElse' } };
    const [negative, nameless, ruled] = [placed('eva', { quantity: -1 }), placed('ida', { sku: '' }), placed('uma')];
    const { misbehave, triesOf } = failingOn([ruled], () => new AlpesError('rule-broken', 'no more of that'));
    lab.start({ misbehave });
    const good = placed('ana');
    await lab.publish([garbage, alienType, negative, nameless, ruled, good]);
    expect(await lab.writtenAre(1)).toEqual([orderOf(good)]);
    const letters = await lab.lettersAre(5);
    const stories = new Map(letters.map((letter) => [letter.properties['ce_id'], letter.properties]));
    const storyOf = ({ properties }: TransportMessage) => stories.get(properties['ce_id']);
    expect(storyOf(garbage)).toMatchObject({ dlq_reason: 'undecodable', dlq_attempts: '1' });
    expect(storyOf(alienType)).toMatchObject({
      ...{ dlq_reason: 'unknown-type', ce_type: 'shop.v1.SomethingElse' },
      dlq_error: 'orders carries shop.v1.OrderPlaced, not shop.v1.SomethingElse',
    });
    expect(storyOf(negative)).toMatchObject({ dlq_reason: 'rule-broken', dlq_error: 'quantity must be at least 1' });
    expect(storyOf(nameless)).toMatchObject({ dlq_reason: 'invalid-input', dlq_error: 'sku is missing' });
    expect(storyOf(ruled)).toMatchObject({ dlq_reason: 'rule-broken', dlq_attempts: '1' });
    // Once together with others, once alone.
    expect(triesOf(ruled)).toBeLessThanOrEqual(2);
    const letter = letters.find(({ properties }) => properties['dlq_reason'] === 'undecodable');
    expect(letter?.properties).toMatchObject({
      ...garbage.properties,
      ...{ dlq_topic: 'orders', dlq_subscription: 'warehouse', dlq_partition: '0', dlq_position: '0:0' },
      ...{ dlq_message_id: garbage.properties['ce_id'], dlq_redrive: '0' },
    });
    expect({ key: letter?.key, payload: [...(letter?.payload ?? [])] }).toEqual({
      ...{ key: garbage.key, payload: [...garbage.payload] },
    });
    await lab.drained();
  });

  it('is dead once, however often it comes', async () => {
    const garbage = { ...placed('ana'), payload: Uint8Array.of(0xff) };
    lab.start();
    await lab.publish([garbage, garbage]);
    await lab.publish([garbage, placed('ana')]);
    await lab.writtenAre(1);
    await lab.drained();
    expect(await lab.lettersAre(1)).toHaveLength(1);
  });

  it('is not even read again once it is dead, for reading may have been what it died of', async () => {
    const poison = placed('ana', { sku: 'poison' });
    let reads = 0;
    lab.start({
      read: ({ sku }) => {
        if (sku !== 'poison') return;
        reads += 1;
        throw new Error('unreadable');
      },
    });
    for (let round = 0; round < 3; round += 1) {
      await lab.publish([poison]);
      await lab.drained();
    }
    expect(await lab.lettersAre(1)).toHaveLength(1);
    expect(reads).toBe(1);
  });
});

describe('a death that can not be recorded', () => {
  it('is recorded when it can be, and until then holds up its key and no other', async () => {
    const { prisma } = lab.database;
    await prisma.$executeRawUnsafe(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'no deaths today'; END $$`);
    await prisma.$executeRawUnsafe(`CREATE TRIGGER refuse BEFORE INSERT ON messaging.inbox
      FOR EACH ROW WHEN (NEW.outcome = 'dead') EXECUTE FUNCTION refuse()`);
    const [garbage, next] = [{ ...placed('ana'), payload: Uint8Array.of(0xff) }, placed('ana')];
    const orders = manyPlaced(20);
    const { lines } = lab.start();
    await lab.publish([garbage, next, ...orders]);
    expect((await lab.writtenAre(20)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    const failures = () => lines.filter(({ message }) => message.includes('could not be buried'));
    await eventually(() => failures().length > 2);
    expect(await lab.written()).not.toContain(orderOf(next));
    await prisma.$executeRawUnsafe('DROP TRIGGER refuse ON messaging.inbox');
    expect((await lab.writtenAre(21)).at(-1)).toBe(orderOf(next));
    expect((await lab.lettersAre(1))[0]?.properties['dlq_reason']).toBe('undecodable');
    await lab.drained();
  });
});

describe('a message whose error is of an unknown kind', () => {
  it('is dead after exactly as many tries as it has, counted over restarts', async () => {
    const poison = placed('ana');
    const { misbehave, triesOf } = failingOn([poison], () => new TypeError('x is not a function'));
    const slow = { retry: { firstMs: 60_000, maxMs: 60_000 }, maxAttempts: 4 };
    await lab.publish([poison]);
    for (const tries of [1, 2, 3]) {
      const warehouse = lab.start({ misbehave, settings: slow });
      await eventually(() => triesOf(poison) === tries);
      await warehouse.stop();
      expect(await lab.letters()).toEqual([]);
    }
    lab.start({ misbehave, settings: slow });
    const [letter] = await lab.lettersAre(1);
    expect(letter?.properties).toMatchObject({
      ...{ dlq_reason: 'unknown', dlq_attempts: '4', dlq_error: 'x is not a function' },
    });
    expect(triesOf(poison)).toBe(4);
    await lab.drained();
  });
});

describe('a message whose tries were all begun, and whose last one goes on', () => {
  it('is not dead if that try succeeds', async () => {
    const message = placed('ana');
    const id = message.properties['ce_id'];
    const { prisma } = lab.database;
    const started = await prisma.$transaction(
      async (tx) => {
        const tries = `INSERT INTO messaging.attempt (subscription, message_id, attempts) VALUES ('warehouse', $1::uuid, 3)`;
        await prisma.$executeRawUnsafe(tries, id);
        const done = `INSERT INTO messaging.inbox (subscription, message_id, outcome) VALUES ('warehouse', $1::uuid, 'done')`;
        await tx.$executeRawUnsafe(done, id);
        await lab.publish([{ ...message, payload: Uint8Array.of(0xff) }]);
        const warehouse = lab.start();
        const waiting = 'SELECT 1 AS one FROM pg_locks WHERE NOT granted';
        await eventually(async () => (await prisma.$queryRawUnsafe<unknown[]>(waiting)).length > 0);
        return warehouse;
      },
      { timeout: 15_000 },
    );
    await lab.drained();
    const said = started.lines.map((line) => line.message);
    expect(said).toContainEqual(expect.stringContaining('was given up'));
    expect(said).not.toContain('message is dead');
    expect(await lab.letters()).toEqual([]);
  });
});

describe('a message that meets a transient error', () => {
  it('is tried without end and without being counted, and handled in the end', async () => {
    const message = placed('ana');
    const { misbehave, triesOf, heal } = failingOn([message], () => new AlpesError('conflict', 'locked'));
    lab.start({ misbehave });
    await lab.publish([message]);
    await eventually(() => triesOf(message) > 8);
    const counted = 'SELECT attempts FROM messaging.attempt WHERE attempts > 1';
    expect(await lab.database.prisma.$queryRawUnsafe(counted)).toEqual([]);
    heal();
    expect(await lab.writtenAre(1)).toEqual([orderOf(message)]);
    expect(await lab.letters()).toEqual([]);
  });

  it('is not counted if restarts come between the tries', async () => {
    const message = placed('ana');
    const { misbehave, triesOf, heal } = failingOn([message], () => new AlpesError('conflict', 'locked'));
    await lab.publish([message]);
    for (let restart = 1; restart <= 5; restart += 1) {
      const warehouse = lab.start({ misbehave, settings: { retry: { firstMs: 60_000, maxMs: 60_000 } } });
      await eventually(() => triesOf(message) === restart);
      await warehouse.stop();
    }
    heal();
    lab.start({ misbehave });
    expect(await lab.writtenAre(1)).toEqual([orderOf(message)]);
    expect(await lab.letters()).toEqual([]);
  });

  it('waits alone if its handler calls something else unavailable while the database answers', async () => {
    const message = placed('ana');
    const { misbehave, triesOf, heal } = failingOn([message], () => new AlpesError('unavailable', 'not my database'));
    lab.start({ misbehave });
    const orders = manyPlaced(25);
    await lab.publish([...orders.slice(0, 12), message, ...orders.slice(12)]);
    expect((await lab.writtenAre(25)).toSorted()).toEqual(orders.map(orderOf).toSorted());
    await eventually(() => triesOf(message) > 4);
    heal();
    await lab.writtenAre(26);
    expect(await lab.letters()).toEqual([]);
  });

  it('waits for a lock that another transaction holds, for longer than a try may wait', async () => {
    await lab.close();
    lab = await openLab({}, { lock_timeout: 50 });
    const { prisma } = lab.database;
    await prisma.$executeRawUnsafe('CREATE UNIQUE INDEX ON "order" (id)');
    const message = placed('ana');
    const { misbehave, triesOf } = failingOn([]);
    lab.start({ misbehave });
    await prisma.$transaction(
      async (tx) => {
        await tx.order.create({ data: { id: orderOf(message), sku: 'in the way', quantity: 1 } });
        await lab.publish([message]);
        await eventually(() => triesOf(message) > 5);
        await tx.order.delete({ where: { id: orderOf(message) } });
      },
      { timeout: 15_000 },
    );
    expect(await lab.writtenAre(1)).toEqual([orderOf(message)]);
    expect(await lab.letters()).toEqual([]);
  });
});
