import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { letterOf } from '../../fixtures/letter.js';
import { readLetter } from './letter.js';

const place = { topic: 'orders', type: 'shop.v1.OrderPlaced', subscription: 'warehouse' };

describe('a dead letter', () => {
  it('tells of the message and its death', () => {
    const id = uuidv7();
    const received = letterOf(id, {
      ce_source: 'shop',
      dlq_redrive: '2',
      dlq_attempts: '5',
      dlq_reason: 'rule-broken',
    });
    expect(readLetter(received, place)).toMatchObject({
      ...{ id, redrive: 2, attempts: 5, reason: 'rule-broken', error: 'no stock', isLarge: false, bytes: 3 },
      ...{ diedAt: new Date('2026-11-21T12:00:00.000Z'), headers: { ce_source: 'shop' } },
      original: { topic: 'orders', partition: 3, position: '3:141', publishedAt: new Date('2026-11-21T11:00:00.000Z') },
    });
  });

  it('keeps what a foreign message was taken for: its id, its time, its trace', () => {
    const id = uuidv7();
    const letter = readLetter(letterOf(id, { ce_id: 'not a uuid', ce_time: 'noon' }), place);
    expect(letter?.headers).toEqual({ ce_id: 'not a uuid', ce_time: 'noon' });
    expect(letter?.original.properties).toEqual({ ce_id: id, ce_time: '2026-11-21T11:00:00.000Z' });
    expect(letter?.envelope).toMatchObject({ id, correlationId: id, type: 'shop.v1.OrderPlaced' });
    expect(letter?.envelope.traceparent).toContain(id.replaceAll('-', ''));
  });

  it('tells the size of a body that is not in it', () => {
    const letter = readLetter(letterOf(uuidv7(), { dlq_body: 'messaging.large_body, 600000 bytes' }), place);
    expect(letter).toMatchObject({ isLarge: true, bytes: 600_000 });
  });

  it('says the time of its publication where its own says nothing', () => {
    const letter = readLetter(letterOf(uuidv7(), { dlq_died_at: 'soon' }), place);
    expect(letter?.diedAt).toEqual(new Date('2026-11-21T12:00:01.000Z'));
  });

  it.each([
    ['no id', { dlq_message_id: 'x' }],
    ['no redrive', { dlq_redrive: 'many' }],
    ['a redrive that no column holds', { dlq_redrive: '9999999999' }],
    ['another topic', { dlq_topic: 'stock' }],
    ['another subscription', { dlq_subscription: 'mailer' }],
  ])('is none with %s', (_, properties) => {
    expect(readLetter(letterOf(uuidv7(), properties), place)).toBeUndefined();
  });
});
