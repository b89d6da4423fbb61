import {
  catalogue,
  CrearLogSchema,
  CrearOrdenSchema,
  OrdenActualizadaSchema,
  OrdenCreadaSchema,
  TransaccionProcesadaSchema,
} from '@alpes/contracts';
import { deadLetterTopic, type Transport, type TransportMessage } from '@alpes/messaging';
import { eventually } from '@alpes/messaging/testing';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connectBrokerOf } from './broker.js';
import { acceptedId, isFinal, postOrder } from './orders.js';
import { startSystem, type System } from '../start/whole-system.js';

let system: System;
let broker: Transport;
beforeAll(async () => {
  system = await startSystem();
  broker = connectBrokerOf(system);
}, 180_000);
afterAll(async () => {
  await broker.close();
  await system.dispose();
}, 60_000);

/** Of each message one that decodes and that every consumer must refuse: its order id is none. */
const RULE_BREAKERS: Readonly<Record<string, Uint8Array>> = {
  'crear-orden': toBinary(CrearOrdenSchema, create(CrearOrdenSchema, { orderId: 'no uuid' })),
  'orden-creada': toBinary(OrdenCreadaSchema, create(OrdenCreadaSchema, { orderId: 'no uuid' })),
  'transaccion-creada': toBinary(
    TransaccionProcesadaSchema,
    create(TransaccionProcesadaSchema, { orderId: 'no uuid' }),
  ),
  'orden-actualizada': toBinary(OrdenActualizadaSchema, create(OrdenActualizadaSchema, { orderId: 'no uuid' })),
  'crear-log': toBinary(CrearLogSchema, create(CrearLogSchema, { orderId: 'no uuid' })),
};

const KINDS = {
  undecodable: { payload: () => Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00), properties: {} },
  'unknown-type': { payload: () => new Uint8Array(), properties: { ce_type: 'alpes.order.v1.NoSuchMessage' } },
  'rule-broken': { payload: (topic: string) => RULE_BREAKERS[topic] ?? new Uint8Array(), properties: {} },
} as const;

const TOPICS = catalogue.contracts.map(({ topic, consumers }) => ({ topic, consumers }));
const CASES = TOPICS.flatMap(({ topic, consumers }) =>
  Object.entries(KINDS).map(([reason, { payload, properties }]) => ({
    ...{ topic, consumers, reason },
    message: { topic, key: randomUUID(), payload: payload(topic), properties: { ...properties, ce_id: randomUUID() } },
  })),
);

async function lettersOf({
  topic,
  consumers,
  message,
}: {
  topic: string;
  consumers: readonly string[];
  message: TransportMessage;
}) {
  const letters = await Promise.all(
    consumers.map((consumer) => broker.browse(deadLetterTopic(topic, consumer), { limit: 1_000 })),
  );
  return letters.flat().filter(({ properties }) => properties['dlq_message_id'] === message.properties['ce_id']);
}

const byText = (a = '', b = ''): number => a.localeCompare(b);

describe('a message that nobody can handle', () => {
  it('holds up no order behind it', async () => {
    const results = await broker.publish(CASES.map(({ message }) => message));
    expect(results.every((error) => error === undefined)).toBe(true);
    const ids = await Promise.all(Array.from({ length: 20 }, async () => acceptedId(await postOrder(system.url))));
    await Promise.all(ids.map((id) => eventually(() => isFinal(system.url, id), { timeoutMs: 10_000 })));
  });

  it.each(CASES)(
    '$reason on $topic ends in the dead-letter topic of each subscription, with its reason',
    async (one) => {
      const letters = await eventually(
        async () => {
          const found = await lettersOf(one);
          return found.length >= one.consumers.length ? found : undefined;
        },
        { timeoutMs: 20_000 },
      );
      expect(letters.map(({ properties }) => properties['dlq_subscription']).toSorted(byText)).toEqual(
        [...one.consumers].toSorted(byText),
      );
      for (const { properties, payload, key } of letters) {
        expect(properties).toMatchObject({ dlq_reason: one.reason, dlq_topic: one.topic, dlq_attempts: '1' });
        expect(Buffer.from(payload)).toEqual(Buffer.from(one.message.payload));
        expect(key).toBe(one.message.key);
      }
    },
  );
});
