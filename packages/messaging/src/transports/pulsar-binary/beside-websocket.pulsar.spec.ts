import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { describeWithNativeClient } from '../../testing/native-client.js';
import { testPulsar } from '../../testing/test-pulsar.js';
import { backlogIs, publishAll, receive, receiveNow, textMessage, to } from '../../testing/transport-steps.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';
import { partitionOf } from '../murmur3.js';

const PARTITIONS = 8;
const KEYS = ['añejo', '😀 order', '', ...Array.from({ length: 30 }, () => randomUUID())];

jest.setTimeout(120_000);

await describeWithNativeClient('pulsar:// beside ws://', () => {
  describe('pulsar:// beside ws://', () => {
    const open: Transport[] = [];
    const connect = (protocol: 'binary' | 'websocket'): Transport => {
      const { urls } = testPulsar();
      const transport = connectTransport(urls[protocol], { pulsar: { adminUrl: urls.admin } });
      open.push(transport);
      return transport;
    };
    const both = async (...subscriptions: string[]) => {
      const [binary, websocket] = [connect('binary'), connect('websocket')];
      const topic = `test-${randomUUID()}`;
      await binary.declare([{ topic, subscriptions, partitions: PARTITIONS }]);
      return { binary, websocket, topic };
    };
    afterEach(async () => {
      await Promise.all(open.splice(0).map((transport) => transport.close()));
    });

    it('puts each key on the same partition, the one that the embedded log takes too', async () => {
      const { binary, websocket, topic } = await both();
      for (const transport of [binary, websocket]) {
        await publishAll(
          transport,
          KEYS.map((key) => textMessage(topic, key, key)),
        );
      }
      const messages = await binary.browse(topic, { limit: 1_000 });
      expect(messages).toHaveLength(2 * KEYS.length);
      for (const { key, partition } of messages) expect([key, partition]).toEqual([key, partitionOf(key, PARTITIONS)]);
    });

    it('sees the same messages at the same positions, so that one goes on where the other was', async () => {
      const { binary, websocket, topic } = await both();
      await publishAll(
        binary,
        KEYS.map((key) => ({ ...textMessage(topic, key, key), properties: { título: key, empty: '' } })),
      );
      const all = await websocket.browse(topic, { limit: 1_000 });
      expect(await binary.browse(topic, { limit: 1_000 })).toEqual(all);
      const after = all[10]?.position ?? '';
      for (const transport of [binary, websocket]) {
        expect(await transport.browse(topic, { limit: 1_000, after })).toEqual(all.slice(11));
      }
    });

    it('takes over a subscription, and acknowledges what the other was given', async () => {
      const { binary, websocket, topic } = await both('team');
      await publishAll(
        websocket,
        KEYS.map((key) => textMessage(topic, key, key)),
      );
      const first = await websocket.subscribe(to(topic, 'team'));
      const received = await receive(first, KEYS.length, { acknowledge: false, patienceMs: 30_000 });
      await first.acknowledge(received.slice(0, 20));
      await backlogIs(binary, topic, 'team', KEYS.length - 20);
      await first.close();
      const second = await binary.subscribe(to(topic, 'team'));
      const again = await receive(second, KEYS.length - 20, { acknowledge: false, patienceMs: 30_000 });
      const places = (messages: typeof received) => messages.map(({ position }) => position).toSorted();
      expect(places(again)).toEqual(places(received.slice(20)));
      expect(await receiveNow(second)).toEqual([]);
      await second.acknowledge(received.slice(20));
      await backlogIs(binary, topic, 'team', 0);
    });
  });
});
