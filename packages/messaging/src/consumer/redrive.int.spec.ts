import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderPlacedSchema } from '../../fixtures/shop/contracts.js';
import { type Lab, openLab, orderOf, placed } from '../../fixtures/shop/lab.js';
import { readEnvelope } from '../envelope.js';
import type { TransportMessage } from '../publisher.js';
import { MAX_MESSAGE_BYTES, sizeOf } from '../size-limit.js';
import { eventually } from '../testing/eventually.js';

// Every wait has a deadline of its own; this one is for a machine that is busy with other things.
jest.setTimeout(60_000);

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

/** What an operator publishes to have a dead message tried again. */
function redrive(message: TransportMessage, times: number, subscription = 'warehouse'): TransportMessage {
  const properties = { ...message.properties, ce_redrive: String(times), ce_redrivefor: subscription };
  return { ...message, properties };
}

describe('a redrive', () => {
  it('is handled once by the subscription that it is for, whose message is dead', async () => {
    const message = placed('ana');
    let isBroken = true;
    lab.start({
      misbehave: () => {
        if (isBroken) throw new Error('broken');
      },
    });
    await lab.publish([message]);
    await lab.lettersAre(1);
    isBroken = false;
    await lab.publish([redrive(message, 1), redrive(message, 1)]);
    expect(await lab.writtenAre(1)).toEqual([orderOf(message)]);
    await lab.publish([redrive(message, 2), placed('ana')]);
    await lab.writtenAre(2);
    await lab.drained();
    expect(await lab.letters()).toHaveLength(1);
  });

  it('that fails again is dead again, and passes with the next number only', async () => {
    const message = placed('ana');
    let isBroken = true;
    lab.start({
      misbehave: () => {
        if (isBroken) throw new Error('broken');
      },
    });
    await lab.publish([message]);
    await lab.lettersAre(1);
    await lab.publish([redrive(message, 1)]);
    const letters = await lab.lettersAre(2);
    expect(letters.map(({ properties }) => [properties['dlq_redrive'], properties['dlq_attempts']])).toEqual([
      ['0', '3'],
      ['1', '3'],
    ]);
    isBroken = false;
    await lab.publish([redrive(message, 1)]);
    await lab.drained();
    expect(await lab.written()).toEqual([]);
    await lab.publish([redrive(message, 2)]);
    await lab.writtenAre(1);
  });

  it('of a message that was handled changes nothing', async () => {
    const message = placed('ana');
    lab.start();
    await lab.publish([message]);
    await lab.writtenAre(1);
    await lab.publish([redrive(message, 1)]);
    await lab.drained();
    expect(await lab.written()).toHaveLength(1);
    expect(await lab.letters()).toEqual([]);
  });

  it('that is for another subscription is acknowledged and ignored, whatever it is', async () => {
    lab.start();
    const garbage = { ...placed('ana'), payload: Uint8Array.of(0xff) };
    await lab.publish([redrive(placed('ana'), 1, 'mailer'), redrive(garbage, 1, 'mailer')]);
    await lab.drained();
    expect(await lab.written()).toEqual([]);
    expect(await lab.letters()).toEqual([]);
  });
});

describe('a message of a foreign producer', () => {
  it('is taken without any properties, and is the same message at each delivery', async () => {
    const { topic, key, payload, ...ours } = placed('ana');
    const foreign = { topic, key, payload, properties: {} };
    const first = lab.start();
    await lab.publish([foreign]);
    expect(await lab.writtenAre(1)).toEqual([orderOf(ours)]);
    await first.stop();
    const [received] = await lab.transport.browse('orders', { limit: 1 });
    const rows = 'SELECT message_id::text AS id FROM messaging.inbox';
    const [inbox] = await lab.database.prisma.$queryRawUnsafe<{ id: string }[]>(rows);
    if (received === undefined) throw new Error('there is a message');
    expect(readEnvelope(received, 'shop.v1.OrderPlaced').id).toBe(inbox?.id);
    const [taken] = await eventually(async () => {
      const found = await lab.transport.browse('stock', { limit: 1 });
      return found.length > 0 && found;
    });
    expect(taken?.properties).toMatchObject({ ce_correlationid: inbox?.id, ce_causationid: inbox?.id });
  });

  it('dies over the limit, with a letter without its body, which is kept in a table', async () => {
    const large = placed('ana');
    const body = { orderId: orderOf(large), customer: 'ana', sku: '🍊'.repeat(150_000), quantity: 1 };
    const payload = toBinary(OrderPlacedSchema, create(OrderPlacedSchema, body));
    const properties = { 'x-long': 'é'.repeat(5_000), ...large.properties, 'x-more': 'kept' };
    const foreign = { ...large, payload, properties };
    expect(sizeOf(foreign)).toBeGreaterThan(MAX_MESSAGE_BYTES);
    lab.start();
    const good = placed('ana');
    await lab.publish([foreign, good]);
    expect(await lab.writtenAre(1)).toEqual([orderOf(good)]);
    const [letter] = await lab.lettersAre(1);
    expect(letter?.payload).toHaveLength(0);
    expect(letter?.properties).toMatchObject({
      ...{ ce_id: large.properties['ce_id'], 'x-more': 'kept', 'x-long': 'é'.repeat(1_000) },
      ...{ dlq_reason: 'payload-too-large', dlq_position: '0:0' },
      dlq_body: `messaging.large_body, ${payload.length} bytes`,
    });
    const [kept] = await lab.database.prisma.$queryRawUnsafe<{ body: Uint8Array }[]>(
      'SELECT body FROM messaging.large_body WHERE subscription = $1 AND message_id = $2::uuid',
      ...['warehouse', large.properties['ce_id']],
    );
    expect(Buffer.from(kept?.body ?? []).equals(Buffer.from(payload))).toBe(true);
    await lab.drained();
  });

  it('dies in a letter that can be published, whatever its headers are', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`h${index}${'名'.repeat(300)}`, '🍊'.repeat(2_000)]),
    );
    const garbage = { ...placed('ana'), payload: Uint8Array.of(0xff) };
    const foreign = { ...garbage, key: '名'.repeat(2_000), properties: { ...many, dlq_redrive: '7' } };
    lab.start();
    await lab.publish([foreign]);
    const [letter] = await lab.lettersAre(1);
    expect(letter?.properties).toMatchObject({
      dlq_reason: 'payload-too-large',
      dlq_redrive: '0',
      dlq_topic: 'orders',
    });
    expect(letter === undefined ? Infinity : sizeOf(letter)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    await lab.drained();
  });
});
