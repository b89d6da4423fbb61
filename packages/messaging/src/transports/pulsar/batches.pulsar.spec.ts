import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { eventually } from '../../testing/eventually.js';
import { publishBatch } from '../../testing/foreign-batch.js';
import { describeWithNativeClient } from '../../testing/native-client.js';
import { testPulsar } from '../../testing/test-pulsar.js';
import { backlogIs, receive, receiveNow, texts, to } from '../../testing/transport-steps.js';
import type { Transport } from '../../transport.js';
import { connectTransport } from '../connect.js';

jest.setTimeout(120_000);

const { urls } = testPulsar();

function describeBatches(protocol: 'websocket' | 'binary'): void {
  describe(`a batch of a foreign producer, received over ${protocol}`, () => {
    let transport: Transport;
    beforeEach(async () => {
      const tenant = `test-${randomBytes(6).toString('hex')}`;
      transport = connectTransport(urls[protocol], { partitions: 1, pulsar: { tenant, adminUrl: urls.admin } });
      await transport.declare([{ topic: 't', subscriptions: ['s'] }]);
      await publishBatch(urls.websocket, `${tenant}/alpes/t-partition-0`, ['a', 'b', 'c']);
    });
    afterEach(() => transport.close());

    it('is acknowledged with the last of its messages, in whatever order', async () => {
      const subscription = await transport.subscribe(to('t', 's'));
      const [first, second, third] = await receive(subscription, 3, { acknowledge: false });
      expect(first?.position).toMatch(/^0:\d+:\d+:0$/);
      const acknowledge = (...messages: (typeof first)[]) =>
        subscription.acknowledge(messages.flatMap((message) => message ?? []));
      await acknowledge(third, first);
      await backlogIs(transport, 't', 's', 1);
      await acknowledge(second);
      await backlogIs(transport, 't', 's', 0);
    });

    it('comes again where one of it was acknowledged that its consumer holds no more', async () => {
      const subscription = await transport.subscribe(to('t', 's'));
      const [first] = await receive(subscription, 3, { acknowledge: false });
      for (const message of [first, first]) if (message) await subscription.acknowledge([message]);
      await subscription.close();
      const again = await transport.subscribe(to('t', 's'));
      // With the first, or where the broker keeps account of that, without.
      const received = new Set<string>();
      await eventually(async () => {
        for (const text of texts(await receiveNow(again))) received.add(text);
        return received.has('b') && received.has('c');
      });
    });
  });
}

describeBatches('websocket');
await describeWithNativeClient('a batch of a foreign producer', () => describeBatches('binary'));
