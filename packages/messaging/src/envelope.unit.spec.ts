import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { causedBy, type Envelope, readEnvelope, toProperties } from './envelope.js';
import type { ReceivedMessage } from './subscriber.js';
import { traceIdOf } from './trace-context.js';

const received = (properties: Record<string, string>, more: Partial<ReceivedMessage> = {}): ReceivedMessage => ({
  ...{ topic: 'orders', key: 'order 1', payload: new Uint8Array(), properties },
  ...{ partition: 3, position: '3:17', publishedAt: new Date('2026-11-21T10:00:00Z') },
  ...more,
});

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const full: Envelope = {
  ...{ id: uuidv7(), type: 'shop.v1.OrderPlaced', source: 'shop', time: new Date('2026-01-02T03:04:05.678Z') },
  ...{ subject: 'order 1', traceparent, correlationId: 'request 7', causationId: 'click 8' },
  ...{ aggregateVersion: 4, redrive: 2, redriveFor: 'warehouse' },
};

describe('an envelope', () => {
  it('is the same after a journey in the properties', () => {
    expect(readEnvelope(received(toProperties(full)), 'other')).toEqual(full);
  });

  it('is the same without what is optional, which leaves no properties', () => {
    const { causationId: _cause, aggregateVersion: _version, redriveFor: _for, ...rest } = full;
    const envelope = { ...rest, redrive: 0 };
    const properties = toProperties(envelope);
    expect(readEnvelope(received(properties), 'other')).toEqual(envelope);
    expect(Object.keys(properties)).toEqual(expect.not.arrayContaining(['ce_redrive', 'ce_causationid']));
  });
});

describe('the envelope of a foreign message', () => {
  it('is made of the message’s place, the same at each delivery', () => {
    const envelope = readEnvelope(received({}), 'shop.v1.OrderPlaced');
    expect(readEnvelope(received({}), 'shop.v1.OrderPlaced')).toEqual(envelope);
    expect(envelope).toMatchObject({
      ...{ type: 'shop.v1.OrderPlaced', source: 'unknown', subject: 'order 1', redrive: 0 },
      ...{ time: new Date('2026-11-21T10:00:00Z'), correlationId: envelope.id },
    });
    expect(isUuid(envelope.id)).toBe(true);
    expect(traceIdOf(envelope.traceparent)).toBeDefined();
  });

  it('has another id at each place, topic and time of publication', () => {
    const elsewhere = [
      { position: '3:18' },
      { partition: 4 },
      { topic: 'payments' },
      { publishedAt: new Date('2026-11-21T10:00:01Z') },
    ];
    const ids = [{}, ...elsewhere].map((more) => readEnvelope(received({}, more), 'x').id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('derives a UUID from an id that is none, per source', () => {
    const idOf = (source: string, id: string) => readEnvelope(received({ ce_id: id, ce_source: source }), 'x').id;
    expect(isUuid(idOf('a', '17'))).toBe(true);
    expect(idOf('a', '17')).toBe(idOf('a', '17'));
    expect(idOf('a', '17')).not.toBe(idOf('b', '17'));
  });

  it('knows a UUID in whatever case it is written', () => {
    const id = uuidv7();
    expect(readEnvelope(received({ ce_id: id.toUpperCase() }), 'x').id).toBe(id);
  });

  it.each([
    { ce_time: 'yesterday', ce_aggregateversion: '-1', ce_redrive: 'many', traceparent: 'broken' },
    { ce_time: '', ce_aggregateversion: '1e99', ce_redrive: '0.5', traceparent: '' },
  ])('takes nothing over that makes no sense: %j', (properties) => {
    const envelope = readEnvelope(received(properties), 'x');
    expect(envelope.time).toEqual(new Date('2026-11-21T10:00:00Z'));
    expect(envelope).not.toHaveProperty('aggregateVersion');
    expect(envelope.redrive).toBe(0);
    expect(traceIdOf(envelope.traceparent)).toBeDefined();
  });
});

describe('what a message causes', () => {
  it('is in its trace and correlation, and names it as its cause', () => {
    const caused = causedBy(full);
    expect(traceIdOf(caused.traceparent)).toBe(traceIdOf(traceparent));
    expect(caused.traceparent).not.toBe(traceparent);
    expect(caused).toMatchObject({ correlationId: 'request 7', causationId: full.id });
  });
});

describe('what no producer of ours would write', () => {
  it('is read all the same: an id that is no text', () => {
    const { id } = readEnvelope(received({ ce_id: '\ud800', ce_source: '\udfff' }), 'other');
    expect(isUuid(id)).toBe(true);
  });

  it('counts no redrives that a database could not store', () => {
    expect(readEnvelope(received({ ce_redrive: '2147483647' }), 'other').redrive).toBe(2_147_483_647);
    expect(readEnvelope(received({ ce_redrive: '9007199254740991' }), 'other').redrive).toBe(0);
  });
});
