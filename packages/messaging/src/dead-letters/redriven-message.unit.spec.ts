import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { letterOf } from '../../fixtures/letter.js';
import { readEnvelope } from '../envelope.js';
import { MAX_MESSAGE_BYTES } from '../size-limit.js';
import { childTraceparent, traceIdOf } from '../trace-context.js';
import { readLetter } from './letter.js';
import { redrivenMessage } from './redriven-message.js';

const place = { topic: 'orders', type: 'shop.v1.OrderPlaced', subscription: 'warehouse' };

function redriven(properties: Readonly<Record<string, string>>, payload = Uint8Array.of(1, 2, 3), id = uuidv7()) {
  const letter = readLetter(letterOf(id, properties), place);
  if (letter === undefined) throw new Error('it is a letter');
  return redrivenMessage(letter, 'warehouse', payload);
}

describe('a redriven message', () => {
  it('is the original with the next number, for one subscription, without the story of its death', () => {
    const id = uuidv7();
    const message = redriven({ ce_id: id, ce_redrive: '1', dlq_redrive: '1', 'x-tenant': 'a' }, undefined, id);
    expect(message).toMatchObject({ topic: 'orders', key: 'ana', payload: Uint8Array.of(1, 2, 3) });
    expect(message?.properties).toEqual({
      ...{ ce_id: id, ce_redrive: '2', ce_redrivefor: 'warehouse', 'x-tenant': 'a' },
      ...{ ce_time: '2026-11-21T11:00:00.000Z', traceparent: expect.any(String) },
    });
  });

  it('goes on with the trace, and with what caused it', () => {
    const traceparent = childTraceparent();
    const properties = {
      traceparent,
      ce_correlationid: 'a request',
      ce_causationid: 'a message',
      ce_time: '2026-01-01T00:00:00Z',
    };
    const message = redriven(properties);
    expect(message?.properties).toMatchObject({ ...properties, traceparent: expect.any(String) });
    expect(message?.properties['traceparent']).not.toBe(traceparent);
    expect(traceIdOf(message?.properties['traceparent'])).toBe(traceIdOf(traceparent));
  });

  it('of a foreign producer is the same message wherever it lies', () => {
    const id = uuidv7();
    const message = redriven({}, undefined, id);
    if (message === undefined) throw new Error('it can be published');
    const received = { ...message, partition: 1, position: '1:7', publishedAt: new Date() };
    const envelope = readEnvelope(received, place.type);
    expect(envelope).toMatchObject({ id, correlationId: id, time: new Date('2026-11-21T11:00:00.000Z'), redrive: 1 });
    expect(traceIdOf(envelope.traceparent)).toBe(id.replaceAll('-', ''));
  });

  it('is none if it could not be published', () => {
    expect(redriven({}, new Uint8Array(MAX_MESSAGE_BYTES - 1_000))).toBeDefined();
    expect(redriven({}, new Uint8Array(MAX_MESSAGE_BYTES - 50))).toBeUndefined();
  });
});
