import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { OrderPlacedSchema } from '../../fixtures/shop/contracts.js';
import { type Lab, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { takeAway } from '../../fixtures/shop/outage.js';
import { walk } from '../../fixtures/shop/walk.js';
import { AlpesError } from '../errors.js';
import type { TransportMessage } from '../publisher.js';
import { traceIdOf } from '../trace-context.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const idOf = ({ properties }: TransportMessage): string => properties['ce_id'] ?? '';

describe('looking at dead letters', () => {
  it('tells of each what it is, why it is there and what became of it', async () => {
    const { messaging, registry } = lab.start();
    const [broken, garbage] = [placed('ana', { quantity: 0 }), { ...placed('bob'), payload: Uint8Array.of(0xff) }];
    await lab.publish([broken, garbage, placed('ana')]);
    await lab.lettersAre(2);
    const letters = await walk((page) => messaging.deadLetters.list(page));
    expect(letters).toEqual([
      expect.objectContaining({
        id: idOf(broken),
        key: 'ana',
        reason: 'rule-broken',
        error: 'quantity must be at least 1',
      }),
      expect.objectContaining({ id: idOf(garbage), key: 'bob', reason: 'undecodable' }),
    ]);
    expect(letters[0]).toMatchObject({
      ...{ topic: 'orders', subscription: 'warehouse', state: 'dead', redrive: 0, attempts: 1 },
      ...{ correlationId: orderOf(broken), traceId: traceIdOf(broken.properties['traceparent']) },
      ...{ bytes: broken.payload.length, diedAt: expect.any(Date), publishedAt: expect.any(Date) },
    });
    const only = await walk((page) => messaging.deadLetters.list({ ...page, reason: 'undecodable' }));
    expect(only.map(({ id }) => id)).toEqual([idOf(garbage)]);
    expect(await walk((page) => messaging.deadLetters.list({ ...page, states: ['applied'] }))).toEqual([]);
    expect(await registry.metrics()).toContain('alpes_dead_letters_open{subscription="warehouse"} 2');
  });

  it('shows a message whole: its body as its contract reads it, its headers, all of its deaths', async () => {
    const { messaging } = lab.start();
    const broken = placed('ana', { quantity: -1, sku: 'orange' });
    await lab.publish([broken]);
    await lab.lettersAre(1);
    await messaging.deadLetters.redrive({});
    await lab.lettersAre(2);
    const shown = await messaging.deadLetters.show(idOf(broken).toUpperCase());
    expect(shown).toMatchObject({ id: idOf(broken), redrive: 1, state: 'dead', headers: { ce_source: 'shop' } });
    const json = { orderId: orderOf(broken), customer: 'ana', sku: 'orange', quantity: -1 };
    expect(shown.body).toEqual({ type: 'shop.v1.OrderPlaced', json });
    expect(shown.deaths.map(({ redrive, reason }) => [redrive, reason])).toEqual([
      [0, 'rule-broken'],
      [1, 'rule-broken'],
    ]);
  });

  it('shows the bytes of a body that is not what its topic carries, and why', async () => {
    const { messaging } = lab.start();
    const garbage = { ...placed('ana'), payload: Uint8Array.of(0xff) };
    const other = placed('ana');
    const stranger = { ...other, properties: { ...other.properties, ce_type: 'shop.v1.Other' } };
    await lab.publish([garbage, stranger]);
    await lab.lettersAre(2);
    const show = async (message: TransportMessage) => (await messaging.deadLetters.show(idOf(message))).body;
    expect(await show(garbage)).toEqual({ base64: '/w==', why: expect.stringContaining('no shop.v1.OrderPlaced') });
    const base64 = Buffer.from(other.payload).toString('base64');
    expect(await show(stranger)).toEqual({ base64, why: 'it is a shop.v1.Other, not a shop.v1.OrderPlaced' });
  });

  it('shows a body that was too large for its letter, as long as it is kept', async () => {
    const { messaging } = lab.start();
    const body = { orderId: uuidv7(), customer: 'ana', sku: 's'.repeat(600_000), quantity: 1 };
    const large = { ...placed('ana'), payload: toBinary(OrderPlacedSchema, create(OrderPlacedSchema, body)) };
    await lab.publish([large]);
    await lab.lettersAre(1);
    const shown = await messaging.deadLetters.show(idOf(large));
    expect([shown.reason, shown.bytes]).toEqual(['payload-too-large', large.payload.length]);
    expect('json' in shown.body && JSON.stringify(shown.body.json).includes(body.sku)).toBe(true);
    await lab.database.prisma.$executeRawUnsafe('DELETE FROM messaging.large_body');
    const { body: gone } = await messaging.deadLetters.show(idOf(large));
    expect(gone).toEqual({ why: expect.stringContaining('no longer') });
  });

  it('knows no letter of a message that is not dead', async () => {
    const { messaging } = lab.start();
    const show = messaging.deadLetters.show(uuidv7());
    await expect(show).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('warehouse') });
  });

  it.each(['the broker', 'the database'])('says that %s is away', async (what) => {
    const { messaging } = lab.start();
    await lab.publish([placed('ana', { quantity: 0 })]);
    await lab.lettersAre(1);
    const bringBack = await takeAway(what === 'the broker' ? lab.logUrl : lab.database.url);
    const asked = [messaging.deadLetters.list({}), messaging.deadLetters.redrive({}), messaging.deadLetters.drop({})];
    const errors = await Promise.allSettled(asked);
    await bringBack();
    expect(errors.map((one) => one.status === 'rejected' && AlpesError.from(one.reason).code)).toEqual([
      ...['unavailable', 'unavailable', 'unavailable'],
    ]);
    expect((await messaging.deadLetters.list({})).items).toMatchObject([{ state: 'dead' }]);
  });
});
