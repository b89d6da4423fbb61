import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Lab, manyPlaced, openLab, orderOf, placed, type RunningWarehouse } from '../../fixtures/shop/lab.js';
import { walk } from '../../fixtures/shop/walk.js';
import { readEnvelope } from '../envelope.js';
import type { MessagingSettings } from '../messaging-settings.js';
import type { TransportMessage } from '../publisher.js';
import { MAX_MESSAGE_BYTES, sizeOf } from '../size-limit.js';
import { traceIdOf } from '../trace-context.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const idOf = ({ properties }: TransportMessage): string => properties['ce_id'] ?? '';

/** A warehouse that can handle nothing until its cause is mended. */
function startBroken(settings: Partial<MessagingSettings> = {}): RunningWarehouse & { mend: () => void } {
  let isBroken = true;
  const misbehave = (): void => {
    if (isBroken) throw new Error('the shelf is broken');
  };
  return { ...lab.start({ misbehave, settings: { maxAttempts: 1, ...settings } }), mend: () => (isBroken = false) };
}

async function inbox(): Promise<unknown[]> {
  return lab.database.prisma.$queryRawUnsafe('SELECT * FROM messaging.inbox ORDER BY message_id');
}

/** Everything that was published on a topic. */
const published = (topic: string) => lab.transport.browse(topic, { limit: 10_000 });

async function redrivesOf(message: TransportMessage) {
  return (await published('orders')).filter(
    (one) => one.properties['ce_id'] === idOf(message) && one.properties['ce_redrive'] !== undefined,
  );
}

describe('redriving dead letters', () => {
  it('applies each once after the cause is mended, and says afterwards that it was applied', async () => {
    const { messaging, mend, registry } = startBroken();
    const messages = manyPlaced(5);
    await lab.publish(messages);
    await lab.lettersAre(5);
    mend();
    const ids = messages.map(idOf);
    const redriven = await walk((page) => messaging.deadLetters.redrive({ ...page, limit: 2 }));
    expect(redriven.map(({ id, verdict, why }) => [id, verdict, why])).toEqual(ids.map((id) => [id, 'redrive', '']));
    expect((await lab.writtenAre(5)).toSorted()).toEqual(messages.map(orderOf).toSorted());
    await lab.drained();
    const again = await walk((page) => messaging.deadLetters.redrive({ ...page, force: true }));
    expect(again.map(({ state, verdict }) => [state, verdict])).toEqual(ids.map(() => ['applied', 'applied']));
    await lab.drained();
    expect(await lab.written()).toHaveLength(5);
    expect(await registry.metrics()).toContain('alpes_dead_letters_open{subscription="warehouse"} 0');
  });

  it('says in a dry run exactly what it would do, and changes nothing', async () => {
    const { messaging, mend } = startBroken();
    const messages = [...manyPlaced(3), { ...placed('zoe'), payload: Uint8Array.of(0xff) }];
    await lab.publish(messages);
    await lab.lettersAre(4);
    mend();
    const before = await inbox();
    const ends = await lab.transport.endPositions('orders');
    const dry = await walk((page) => messaging.deadLetters.redrive({ ...page, reason: 'unknown', dryRun: true }));
    expect(dry.map(({ id }) => id)).toEqual(messages.slice(0, 3).map(idOf));
    expect(await inbox()).toEqual(before);
    expect(await lab.database.prisma.$queryRawUnsafe('SELECT id FROM messaging.outbox')).toEqual([]);
    expect(await lab.transport.endPositions('orders')).toEqual(ends);
    expect(await walk((page) => messaging.deadLetters.redrive({ ...page, reason: 'unknown' }))).toEqual(dry);
    await lab.writtenAre(3);
  });

  it('twice at once sends each once', async () => {
    const { messaging, mend } = startBroken();
    const messages = manyPlaced(30);
    await lab.publish(messages);
    await lab.lettersAre(30);
    mend();
    const all = () => walk((page) => messaging.deadLetters.redrive({ ...page, limit: 7 }));
    const verdicts = (await Promise.all([all(), all(), all()])).flat().map(({ id, verdict }) => ({ id, verdict }));
    const sent = verdicts.filter(({ verdict }) => verdict === 'redrive').map(({ id }) => id);
    expect(sent.toSorted()).toEqual(messages.map(idOf).toSorted());
    await lab.writtenAre(30);
    await lab.drained();
    expect(await lab.written()).toHaveLength(30);
    expect(await published('orders')).toHaveLength(60);
  });

  it('keeps the order of the deaths within a key', async () => {
    const { messaging, mend } = startBroken();
    const messages = Array.from({ length: 12 }, (_, index) => placed(index % 2 === 0 ? 'ana' : 'bob'));
    await lab.publish(messages);
    const died = (await lab.lettersAre(12)).map(({ properties }) => properties['ce_correlationid']);
    mend();
    await walk((page) => messaging.deadLetters.redrive({ ...page, limit: 5 }));
    const written = await lab.writtenAre(12);
    const ofAna = (ids: readonly (string | undefined)[]) =>
      ids.filter((id) => messages.some((one) => one.key === 'ana' && orderOf(one) === id));
    expect(ofAna(written)).toEqual(ofAna(died));
    expect(ofAna(written)).toHaveLength(6);
  });

  it('goes on with the trace, and with what caused the message', async () => {
    const { messaging, mend } = startBroken();
    const message = placed('ana');
    await lab.publish([message]);
    await lab.lettersAre(1);
    mend();
    await messaging.deadLetters.redrive({});
    await lab.writtenAre(1);
    await lab.drained();
    const [sent] = await redrivesOf(message);
    const { traceparent, ...original } = message.properties;
    expect(sent?.properties).toMatchObject({ ...original, ce_redrive: '1', ce_redrivefor: 'warehouse' });
    expect(Object.keys(sent?.properties ?? {}).filter((name) => name.startsWith('dlq_'))).toEqual([]);
    expect(sent?.payload).toEqual(message.payload);
    const effects = await published('stock');
    for (const one of [sent, ...effects]) {
      expect(traceIdOf(one?.properties['traceparent'])).toBe(traceIdOf(traceparent));
      expect(one?.properties['traceparent']).not.toBe(traceparent);
      expect(one?.properties['ce_correlationid']).toBe(orderOf(message));
    }
  });

  it('takes a message of a foreign producer for the same one', async () => {
    const { messaging, mend } = startBroken();
    const { topic, key, payload } = placed('ana');
    await lab.publish([{ topic, key, payload, properties: {} }]);
    const [letter] = await lab.lettersAre(1);
    mend();
    await messaging.deadLetters.redrive({});
    await lab.writtenAre(1);
    const ids = (await published('orders')).map((one) => readEnvelope(one, 'shop.v1.OrderPlaced').id);
    const id = letter?.properties['dlq_message_id'];
    expect(ids).toEqual([id, id]);
    expect(await inbox()).toEqual([expect.objectContaining({ message_id: id, outcome: 'done', redrive: 1 })]);
  });

  it('stops at the letters that were there when it began, and after so many redrives', async () => {
    const { messaging, mend } = startBroken({ maxRedrives: 2 });
    const message = placed('ana');
    await lab.publish([message]);
    const verdicts: string[][] = [];
    for (const deaths of [1, 2, 3]) {
      await lab.lettersAre(deaths);
      const judged = await walk((page) => messaging.deadLetters.redrive({ ...page, limit: 1 }));
      verdicts.push(judged.map(({ verdict }) => verdict));
    }
    expect(verdicts).toEqual([['redrive'], ['superseded', 'redrive'], ['superseded', 'superseded', 'too-often']]);
    mend();
    const forced = await messaging.deadLetters.redrive({ force: true });
    expect(forced.items.map(({ verdict }) => verdict)).toEqual(['superseded', 'superseded', 'redrive']);
    await lab.writtenAre(1);
  });
});

describe('redriving what is old', () => {
  it('has to be forced beyond the horizon', async () => {
    const { messaging, mend } = startBroken({ redriveHorizonMs: 1 });
    const message = placed('ana');
    await lab.publish([message]);
    await lab.lettersAre(1);
    mend();
    const { items } = await messaging.deadLetters.redrive({});
    expect(items).toMatchObject([{ state: 'dead', verdict: 'too-old', why: expect.stringContaining('force') }]);
    expect(await redrivesOf(message)).toEqual([]);
    expect((await messaging.deadLetters.redrive({ force: true })).items[0]?.verdict).toBe('redrive');
    await lab.writtenAre(1);
  });

  it('has to be forced when the inbox does not know it, and then happens once', async () => {
    const { messaging, mend } = startBroken();
    const message = placed('ana');
    await lab.publish([message]);
    await lab.lettersAre(1);
    mend();
    await lab.database.prisma.$executeRawUnsafe('DELETE FROM messaging.inbox');
    const { items } = await messaging.deadLetters.redrive({});
    expect(items).toMatchObject([{ state: 'expired', verdict: 'expired', why: expect.stringContaining('twice') }]);
    expect(await inbox()).toEqual([]);
    const forced = await Promise.all([1, 2, 3].map(() => messaging.deadLetters.redrive({ force: true })));
    expect(forced.flatMap(({ items: all }) => all.map(({ verdict }) => verdict)).toSorted()).not.toContain('expired');
    await lab.writtenAre(1);
    await lab.drained();
    expect(await lab.written()).toHaveLength(1);
    expect(await redrivesOf(message)).toHaveLength(1);
  });
});

describe('redriving what is large', () => {
  it('is refused where nobody could publish it', async () => {
    const { messaging } = startBroken();
    const message = { ...placed('ana'), payload: new Uint8Array(MAX_MESSAGE_BYTES + 1) };
    await lab.publish([message]);
    await lab.lettersAre(1);
    const { items } = await messaging.deadLetters.redrive({ force: true });
    expect(items).toMatchObject([{ verdict: 'too-large', why: expect.stringContaining('messaging.large_body') }]);
    expect(await inbox()).toMatchObject([{ outcome: 'dead', redriven: 0 }]);
  });

  it('is refused where more than the body did not fit into the letter', async () => {
    const { messaging } = startBroken();
    const room = MAX_MESSAGE_BYTES - sizeOf(placed('ana')) - 2_000;
    const message = placed('ana', { sku: 's'.repeat(room) });
    await lab.publish([{ ...message, properties: { ...message.properties, 'x-long': 'x'.repeat(1_900) } }]);
    const [letter] = await lab.lettersAre(1);
    expect(letter?.properties['x-long']).toHaveLength(1_000);
    const { items } = await messaging.deadLetters.redrive({ force: true });
    expect(items).toMatchObject([{ verdict: 'too-large', why: expect.stringContaining('as it was') }]);
  });

  it('sends a body that only its letter was too small for, as long as it is kept', async () => {
    const { messaging, mend } = startBroken();
    const room = MAX_MESSAGE_BYTES - sizeOf(placed('ana')) - 100;
    const message = placed('ana', { sku: 's'.repeat(room) });
    await lab.publish([message]);
    const [letter] = await lab.lettersAre(1);
    expect(letter?.payload.length).toBe(0);
    mend();
    const kept = await lab.database.prisma.$queryRawUnsafe<{ body: Uint8Array }[]>(
      'DELETE FROM messaging.large_body RETURNING body',
    );
    expect((await messaging.deadLetters.redrive({})).items).toMatchObject([{ verdict: 'body-gone' }]);
    const body = Buffer.from(kept[0]?.body ?? []);
    const keep = `INSERT INTO messaging.large_body (subscription, message_id, body) VALUES ('warehouse', $1::uuid, $2)`;
    await lab.database.prisma.$executeRawUnsafe(keep, idOf(message), body);
    expect((await messaging.deadLetters.redrive({})).items).toMatchObject([{ verdict: 'redrive' }]);
    expect(await lab.writtenAre(1)).toEqual([orderOf(message)]);
  });
});

describe('dropping dead letters', () => {
  it('leaves them dead, and says so', async () => {
    const { messaging, mend, registry } = startBroken();
    const [dropped, other] = [placed('ana'), placed('bob')];
    await lab.publish([dropped, other]);
    await lab.lettersAre(2);
    mend();
    const drop = (dryRun: boolean) => messaging.deadLetters.drop({ ids: [idOf(dropped)], dryRun });
    const before = await inbox();
    const dry = await drop(true);
    expect(await inbox()).toEqual(before);
    expect((await drop(false)).items).toEqual(dry.items);
    expect(dry.items).toMatchObject([{ id: idOf(dropped), state: 'dead', verdict: 'drop' }]);
    expect((await drop(false)).items).toMatchObject([{ state: 'dropped', verdict: 'dropped' }]);
    expect(await registry.metrics()).toContain('alpes_dead_letters_open{subscription="warehouse"} 1');
    const { items } = await messaging.deadLetters.redrive({});
    expect(items.map(({ verdict }) => verdict)).toEqual(['dropped', 'redrive']);
    expect(await lab.writtenAre(1)).toEqual([orderOf(other)]);
    await messaging.deadLetters.redrive({ ids: [idOf(dropped)], force: true });
    await lab.writtenAre(2);
  });

  it('and redriving them at once ends in one of the two', async () => {
    const { messaging, mend } = startBroken();
    const messages = manyPlaced(20);
    await lab.publish(messages);
    await lab.lettersAre(20);
    mend();
    const [redriven, dropped] = await Promise.all([messaging.deadLetters.redrive({}), messaging.deadLetters.drop({})]);
    const sent = redriven.items.filter(({ verdict }) => verdict === 'redrive').length;
    const left = dropped.items.filter(({ verdict }) => verdict === 'drop').length;
    expect(sent + left).toBe(20);
    await lab.writtenAre(sent);
    await lab.drained();
    expect(await lab.written()).toHaveLength(sent);
  });
});
