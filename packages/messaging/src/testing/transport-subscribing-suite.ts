import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import type { TransportLab } from './transport-lab.js';
import { backlogIs, numbered, publishAll, receive, receiveNow, textMessage, texts, to } from './transport-steps.js';

export function describeNewSubscription(lab: TransportLab): void {
  describe('a new subscription', () => {
    it('that was declared receives what was published before anybody subscribed', async () => {
      const topic = await lab.topic('late');
      await publishAll(lab.connect(), [textMessage(topic, 'k', 'early')]);
      const subscription = await lab.connect().subscribe(to(topic, 'late', { from: 'latest' }));
      expect(texts(await receive(subscription, 1))).toEqual(['early']);
    });

    it('from the latest message receives only what comes then, durable or ephemeral', async () => {
      const topic = await lab.topic();
      const transport = lab.connect();
      await publishAll(transport, numbered(topic, 10, 0, 2));
      const durable = await transport.subscribe(to(topic, 'new', { from: 'latest' }));
      const ephemeral = await transport.subscribe(to(topic, 'live', { from: 'latest', mode: 'ephemeral' }));
      await publishAll(transport, numbered(topic, 10, 2, 3));
      const expected = Array.from({ length: 10 }, (_, key) => `key-${key} 2`);
      expect(texts(await receive(durable, 10)).toSorted()).toEqual(expected);
      expect(texts(await receive(ephemeral, 10)).toSorted()).toEqual(expected);
      await backlogIs(transport, topic, 'new', 0);
    });

    it('from a time replays what was published since, durable or ephemeral', async () => {
      const topic = await lab.topic();
      const transport = lab.connect();
      await publishAll(transport, numbered(topic, 10, 0, 2));
      const publishedAt = async (text: string): Promise<Date> => {
        const all = await transport.browse(topic, { limit: 1_000 });
        return all.find((message) => texts([message])[0] === text)?.publishedAt ?? new Date(Number.NaN);
      };
      const before = await publishedAt('key-0 1');
      await eventually(() => Date.now() > before.getTime() + 20);
      await publishAll(transport, numbered(topic, 10, 2, 4));
      const from = new Date((await publishedAt('key-0 2')).getTime() - 5);
      const expected = texts(await transport.browse(topic, { limit: 1_000 })).filter((text) => /[23]$/.test(text));
      for (const mode of ['durable', 'ephemeral'] as const) {
        const replay = await transport.subscribe(to(topic, `replay-${mode}`, { from, mode }));
        expect(texts(await receive(replay, 20)).toSorted()).toEqual(expected.toSorted());
        const future = new Date(Date.now() + 3_600_000);
        const nothing = await transport.subscribe(to(topic, `future-${mode}`, { from: future, mode }));
        expect(await receiveNow(nothing)).toEqual([]);
      }
    });
  });
}

export function describeSubscriptionAmongOthers(lab: TransportLab): void {
  describe('a subscription among others', () => {
    it('receives every message, whatever other subscriptions do', async () => {
      const topic = await lab.topic('one', 'two');
      const transport = lab.connect();
      const [one, two] = [await transport.subscribe(to(topic, 'one')), await transport.subscribe(to(topic, 'two'))];
      await publishAll(transport, numbered(topic, 5, 0, 4));
      const first = texts(await receive(one, 20)).toSorted();
      expect(texts(await receive(two, 20)).toSorted()).toEqual(first);
      const third = await transport.subscribe(to(topic, 'three'));
      expect(texts(await receive(third, 20)).toSorted()).toEqual(first);
    });

    it('that is ephemeral sees all partitions beside any other of its name, and leaves nothing behind', async () => {
      const topic = await lab.topic();
      const transport = lab.connect();
      const live = to(topic, 'live', { mode: 'ephemeral' });
      const [one, two] = [await transport.subscribe(live), await lab.connect().subscribe(live)];
      await publishAll(transport, numbered(topic, 40, 0, 1));
      const seen = await receive(one, 40);
      expect(new Set(seen.map(({ partition }) => partition)).size).toBe(lab.settings.partitions);
      expect(await receive(two, 40)).toHaveLength(40);
      await Promise.all([one.close(), two.close()]);
      expect(await receive(await transport.subscribe(live), 40)).toHaveLength(40);
    });
  });
}
