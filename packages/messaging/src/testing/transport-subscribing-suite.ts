import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import type { TransportLab } from './transport-lab.js';
import {
  backlogIs,
  neverAborted,
  numbered,
  publishAll,
  receive,
  receiveNow,
  textMessage,
  texts,
  to,
} from './transport-steps.js';

export function describeSubscribing(lab: TransportLab): void {
  describe('a subscription', () => {
    it('that was declared receives what was published before anybody subscribed', async () => {
      const topic = await lab.topic('late');
      await publishAll(lab.connect(), [textMessage(topic, 'k', 'early')]);
      const subscription = await lab.connect().subscribe(to(topic, 'late', { from: 'latest' }));
      expect(texts(await receive(subscription, 1))).toEqual(['early']);
    });

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

    it('gives at most as many messages as are wanted, and none twice while they are in hand', async () => {
      const topic = await lab.topic('reader');
      // However often the lease is renewed meanwhile.
      const transport = lab.connect({ leaseMs: 300 });
      await publishAll(transport, numbered(topic, 20, 0, 2));
      const subscription = await transport.subscribe(to(topic, 'reader'));
      const received = [];
      while (received.length < 40) {
        const some = await subscription.receive(3, lab.settings.patienceMs, neverAborted());
        expect(some.length).toBeGreaterThan(0);
        expect(some.length).toBeLessThanOrEqual(3);
        received.push(...some);
      }
      expect(new Set(texts(received)).size).toBe(40);
      expect(await receiveNow(subscription)).toEqual([]);
    });

    it('waits as long as it may and no longer, and no longer than it is wanted', async () => {
      const transport = lab.connect();
      const subscription = await transport.subscribe(to(await lab.topic('reader'), 'reader'));
      const startedAt = performance.now();
      expect(await subscription.receive(10, 250, neverAborted())).toEqual([]);
      expect(performance.now() - startedAt).toBeGreaterThan(200);
      const aborting = new AbortController();
      const waiting = subscription.receive(10, 10_000, aborting.signal);
      aborting.abort();
      expect(await waiting).toEqual([]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });

    it('receives at once what another process publishes while it waits', async () => {
      const topic = await lab.topic('reader');
      const subscription = await lab.connect({ pollMs: 30_000 }).subscribe(to(topic, 'reader'));
      const publisher = lab.connect();
      for (const text of ['first', 'second']) {
        const waiting = subscription.receive(10, 10_000, neverAborted());
        const startedAt = performance.now();
        await publishAll(publisher, [textMessage(topic, 'k', text)]);
        expect(texts(await waiting)).toEqual([text]);
        expect(performance.now() - startedAt).toBeLessThan(1_000);
      }
    });

    it('receives again what was not acknowledged after it was closed, and only that', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      await publishAll(transport, numbered(topic, 4, 0, 5));
      const first = await transport.subscribe(to(topic, 'reader'));
      const received = await receive(first, 20, { acknowledge: false });
      const [keep, forget] = [received.filter((_, n) => n % 3 === 0), received.filter((_, n) => n % 3 !== 0)];
      for (const message of forget.toReversed()) await first.acknowledge([message]);
      await first.acknowledge(forget);
      await backlogIs(transport, topic, 'reader', keep.length);
      await first.close();
      const second = await lab.connect().subscribe(to(topic, 'reader'));
      const again = await receive(second, keep.length, { acknowledge: false });
      const places = (messages: typeof received) => messages.map(({ position }) => position).toSorted();
      expect(places(again)).toEqual(places(keep));
      expect(await receiveNow(second)).toEqual([]);
      await second.acknowledge(again);
      await second.acknowledge(received);
      await backlogIs(transport, topic, 'reader', 0);
    });

    it('closes promptly, and its transport too, while it waits for messages', async () => {
      const [transport, topic] = [lab.connect(), await lab.topic('a', 'b')];
      const [one, two] = [await transport.subscribe(to(topic, 'a')), await transport.subscribe(to(topic, 'b'))];
      const waiting = [one, two].map((subscription) => subscription.receive(10, 10_000, neverAborted()));
      const startedAt = performance.now();
      await one.close();
      expect(await waiting[0]).toEqual([]);
      await transport.close();
      expect(await waiting[1]).toEqual([]);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      await transport.close();
    });
  });
}
