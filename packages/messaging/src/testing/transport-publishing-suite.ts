import { describe, expect, it } from '@jest/globals';
import type { TransportLab } from './transport-lab.js';
import { numbered, publishAll, receive, textMessage, texts, to } from './transport-steps.js';

/** Keys and their partitions among 8, by Murmur3 as Pulsar uses it; computed with mmh3 for Python. */
const PARTITIONS_OF_8: Readonly<Record<string, number>> = {
  ...{ 'key-0': 7, 'key-1': 0, 'key-2': 4, 'key-3': 2, 'key-4': 6, 'key-5': 6, 'key-6': 6, 'key-7': 4 },
  ...{ añejo: 5, '😀 order': 7, '019b2c0e-5f3a-7c11-8e4d-3b1f6a9d2c10': 2 },
};

export function describePublishing(lab: TransportLab): void {
  describe('publishes', () => {
    it('payload, key and properties unchanged: text of any script, empty, binary, 500 KiB', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const large = Uint8Array.from({ length: 500 * 1024 }, (_, index) => (index * 31) % 251);
      const properties = { ce_id: '1', título: 'añejo "x" \\ \n 日本 😀', empty: '' };
      const sent = [
        { topic, key: 'clé 😀', properties, payload: everyByte },
        { topic, key: 'empty', properties: {}, payload: new Uint8Array() },
        { topic, key: 'large', properties: { n: 'x'.repeat(1_000) }, payload: large },
      ];
      await publishAll(transport, sent);
      const received = await receive(await transport.subscribe(to(topic, 'reader')), sent.length);
      const byKey = new Map(received.map((message) => [message.key, message]));
      for (const message of sent) {
        const found = byKey.get(message.key);
        expect(found).toMatchObject({ topic, key: message.key, properties: message.properties });
        expect(Object.keys(found?.properties ?? {})).toHaveLength(Object.keys(message.properties).length);
        expect(Buffer.compare(found?.payload ?? new Uint8Array([0]), message.payload)).toBe(0);
        expect(Math.abs(Date.now() - (found?.publishedAt.getTime() ?? 0))).toBeLessThan(60_000);
      }
    });

    it('what it can of a batch: a topic that is missing fails its own messages, no others', async () => {
      const [one, other] = [await lab.topic('reader'), await lab.topic('reader')];
      const transport = lab.connect();
      const missing = `${one}-missing`;
      const batch = [
        ...[textMessage(one, 'k', '1'), textMessage(missing, 'k', '2'), textMessage(other, 'k', '3')],
        ...[textMessage(one, 'k', '4'), textMessage(missing, 'k', '5'), textMessage(one, 'k', '6')],
      ];
      const results = await transport.publish(batch);
      expect(results.map((result) => result instanceof Error)).toEqual([false, true, false, false, true, false]);
      expect(texts(await receive(await transport.subscribe(to(one, 'reader')), 3))).toEqual(['1', '4', '6']);
      expect(texts(await receive(await transport.subscribe(to(other, 'reader')), 1))).toEqual(['3']);
    });

    it('nothing, when there is nothing to publish', async () => {
      expect(await lab.connect().publish([])).toEqual([]);
    });
  });
}

export function describeProperties(lab: TransportLab): void {
  describe('publishes properties', () => {
    const { 'properties of any name': whyNot } = lab.settings.lacks;
    if (whyNot !== undefined) {
      it.todo(`of any name: this transport can not, for ${whyNot}`);
      return;
    }
    it('of any name', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      const properties = { length: '3', constructor: 'none', '0': 'zero', 'a.b/c d': 'é' };
      await publishAll(transport, [{ ...textMessage(topic, 'k', '1'), properties }]);
      const [received] = await receive(await transport.subscribe(to(topic, 'reader')), 1);
      expect(received?.properties).toEqual(properties);
    });
  });
}

export function describePublishingByKey(lab: TransportLab): void {
  describe('publishes by key', () => {
    it('messages of a key in their order: within a batch, across batches, across publishers', async () => {
      const topic = await lab.topic('reader');
      const publishers = [lab.connect(), lab.connect()];
      for (let batch = 0; batch < 6; batch += 1) {
        const publisher = publishers[batch % 2] ?? lab.connect();
        await publishAll(publisher, numbered(topic, 10, batch * 5, batch * 5 + 5));
      }
      const received = await receive(await lab.connect().subscribe(to(topic, 'reader')), 10 * 30);
      for (let key = 0; key < 10; key += 1) {
        const ofKey = received.filter((message) => message.key === `key-${key}`);
        expect(texts(ofKey)).toEqual(Array.from({ length: 30 }, (_, number) => `key-${key} ${number}`));
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it('equal keys to equal partitions, on every transport the same', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      const keys = Object.keys(PARTITIONS_OF_8);
      await publishAll(
        transport,
        keys.map((key) => textMessage(topic, key, key)),
      );
      const received = await receive(await transport.subscribe(to(topic, 'reader')), keys.length);
      expect(Object.fromEntries(received.map(({ key, partition }) => [key, partition]))).toEqual(PARTITIONS_OF_8);
    });
  });
}
