import { describe, expect, it } from '@jest/globals';
import { contractFile, type MessageSource } from '../fixtures/contract-files.js';
import { createCatalogue, decodeBody } from './catalogue.js';
import { AlpesError } from './errors.js';
import { Kind } from './gen/alpes/messaging/v1/options_pb.js';
import { MAX_MESSAGE_BYTES } from './size-limit.js';

const placed: MessageSource = {
  name: 'OrderPlaced',
  route: { topic: 'orders', producers: ['shop'], consumers: ['warehouse', 'mailer'] },
  fields: { order_id: 'string', quantity: 'int32', note: 'string' },
};
const paid: MessageSource = {
  name: 'OrderPaid',
  route: { topic: 'payments', kind: Kind.STATE_TRANSFER_EVENT, producers: ['bank'], consumers: [] },
  fields: { order_id: 'string' },
};
const line: MessageSource = { name: 'Line', fields: { sku: 'string' }, keys: [] };

const cause = { id: '01900000-0000-7000-8000-000000000000', correlationId: 'request 7', traceparent: '' };
const file = contractFile(placed, paid, line);
const [placedSchema, paidSchema, lineSchema] = file.messages as [
  (typeof file.messages)[0],
  (typeof file.messages)[0],
  (typeof file.messages)[0],
];

function problemOf(...messages: MessageSource[]): AlpesError {
  try {
    createCatalogue([contractFile(...messages)]);
  } catch (thrown) {
    if (thrown instanceof AlpesError) return thrown;
    throw thrown;
  }
  throw new Error('the catalogue took it');
}

describe('a catalogue', () => {
  const catalogue = createCatalogue([file, file]);

  it('reads the routes of all messages that have one', () => {
    expect(catalogue.contracts.map(({ schema, ...contract }) => ({ ...contract, name: schema.name }))).toEqual([
      {
        ...{ name: 'OrderPlaced', type: 'shop.v1.OrderPlaced', topic: 'orders', kind: 'integration event' },
        ...{ keyField: 'orderId', producers: ['shop'], consumers: ['warehouse', 'mailer'] },
      },
      {
        ...{ name: 'OrderPaid', type: 'shop.v1.OrderPaid', topic: 'payments', kind: 'state-transfer event' },
        ...{ keyField: 'orderId', producers: ['bank'], consumers: [] },
      },
    ]);
  });

  it('finds a message that is declared within another', () => {
    const nested = createCatalogue([contractFile({ ...line, nested: [placed] })]);
    expect(nested.contracts.map(({ type }) => type)).toEqual(['shop.v1.Line.OrderPlaced']);
  });

  it('gives each consumer a subscription of its own and a dead-letter topic', () => {
    expect(catalogue.topology()).toEqual([
      { topic: 'orders', subscriptions: ['warehouse', 'mailer'] },
      { topic: 'orders-warehouse-DLQ', subscriptions: [], partitions: 1 },
      { topic: 'orders-mailer-DLQ', subscriptions: [], partitions: 1 },
      { topic: 'payments', subscriptions: [] },
    ]);
  });

  it('tells which topics a service needs', () => {
    expect(catalogue.topicsOf('warehouse')).toEqual(['orders', 'orders-warehouse-DLQ']);
    expect(catalogue.topicsOf('shop')).toEqual(['orders']);
    expect(catalogue.topicsOf('nobody')).toEqual([]);
  });

  it('has no contract for a message without a route', () => {
    expect(() => catalogue.contractOf(lineSchema)).toThrow('shop.v1.Line declares no route');
  });

  it.each([
    { what: 'topic', message: { ...placed, route: { ...placed.route, topic: '' } }, says: 'no topic' },
    { what: 'kind', message: { ...placed, route: { kind: Kind.UNSPECIFIED } }, says: 'no kind' },
    { what: 'producers', message: { ...placed, route: { producers: [] } }, says: 'no producers' },
    { what: 'key', message: { ...placed, keys: [] }, says: 'not exactly one string field as key' },
    { what: 'single key', message: { ...placed, keys: ['order_id', 'note'] }, says: 'not exactly one string field' },
    { what: 'key that is a string', message: { ...placed, keys: ['quantity'] }, says: 'not exactly one string field' },
  ])('refuses a route without $what', ({ message, says }) => {
    const problem = problemOf(message);
    expect(problem.code).toBe('configuration');
    expect(problem.message).toContain(`the route of shop.v1.OrderPlaced has ${says}`);
  });

  it('says everything that is wrong with a route at once', () => {
    const { message } = problemOf({ ...placed, route: { topic: '', producers: [] }, keys: [] });
    expect(message).toMatch(/no topic, no producers, not exactly one string field/);
  });

  it('refuses two types on one topic', () => {
    const problem = problemOf(placed, { ...paid, route: { topic: 'orders' } });
    expect(problem.message).toBe('shop.v1.OrderPlaced and shop.v1.OrderPaid share the topic orders');
  });
});

describe('a composed message', () => {
  const catalogue = createCatalogue([file]);
  const body = { orderId: 'order 1', quantity: 2, note: '' };

  it('is on its topic, keyed, with its payload bare and everything else in its properties', () => {
    const time = new Date('2026-11-21T10:00:00Z');
    const message = catalogue.compose(placedSchema, body, { source: 'shop', cause, id: cause.id, time });
    expect({ topic: message.topic, key: message.key }).toEqual({ topic: 'orders', key: 'order 1' });
    expect(decodeBody(placedSchema, message.payload)).toMatchObject({ orderId: 'order 1', quantity: 2 });
    expect(message.properties).toMatchObject({
      ...{ ce_specversion: '1.0', ce_id: cause.id, ce_type: 'shop.v1.OrderPlaced', ce_source: 'shop' },
      ...{ ce_subject: 'order 1', ce_time: '2026-11-21T10:00:00.000Z', ce_correlationid: 'request 7' },
      ce_causationid: cause.id,
    });
    expect(message.properties).not.toHaveProperty('ce_aggregateversion');
  });

  it('has an id of its own and the version that was given', () => {
    const compose = () => catalogue.compose(placedSchema, body, { source: 'shop', cause, aggregateVersion: 3 });
    const [one, two] = [compose(), compose()];
    expect(one.properties['ce_id']).not.toBe(two.properties['ce_id']);
    expect(one.properties['ce_aggregateversion']).toBe('3');
  });

  it('is refused from a service that its route does not name', () => {
    const composing = () => catalogue.compose(paidSchema, { orderId: 'order 1' }, { source: 'shop', cause });
    expect(composing).toThrow('shop publishes shop.v1.OrderPaid, but its route names bank');
  });

  it('is refused without its key', () => {
    const composing = () => catalogue.compose(placedSchema, { quantity: 1 }, { source: 'shop', cause });
    expect(composing).toThrow('shop.v1.OrderPlaced without orderId, which keys it');
  });

  it('is refused over the limit, and taken up to it', () => {
    const compose = (length: number) =>
      catalogue.compose(placedSchema, { ...body, note: 'x'.repeat(length) }, { source: 'shop', cause });
    const { payload, properties, key } = compose(MAX_MESSAGE_BYTES - 5_000);
    expect(payload.length + JSON.stringify(properties).length + key.length).toBeLessThan(MAX_MESSAGE_BYTES);
    expect(() => compose(MAX_MESSAGE_BYTES)).toThrow(AlpesError);
  });

  it('can not be decoded from what is no such message', () => {
    expect(() => decodeBody(placedSchema, Uint8Array.of(0xff, 0xff))).toThrow('the payload is no shop.v1.OrderPlaced');
  });
});
