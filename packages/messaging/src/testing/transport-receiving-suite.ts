import { describe, expect, it } from '@jest/globals';
import { BATCH_BYTES, MAX_MESSAGE_BYTES, payloadBytes } from '../size-limit.js';
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

export function describeSubscriptionAtWork(lab: TransportLab): void {
  describe('a subscription at work', () => {
    describeLargeMessages(lab);

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
      // A broker may take its time with who has just joined.
      await publishAll(publisher, [textMessage(topic, 'k', 'welcome')]);
      await receive(subscription, 1);
      for (const text of ['first', 'second']) {
        const waiting = subscription.receive(10, 10_000, neverAborted());
        const startedAt = performance.now();
        await publishAll(publisher, [textMessage(topic, 'k', text)]);
        expect(texts(await waiting)).toEqual([text]);
        expect(performance.now() - startedAt).toBeLessThan(1_000);
      }
    });
  });
}

function describeLargeMessages(lab: TransportLab): void {
  it('gives no more large messages at once than make a batch, and all of them in the end', async () => {
    const topic = await lab.topic('reader');
    const transport = lab.connect();
    const subscription = await transport.subscribe(to(topic, 'reader'));
    const payload = Buffer.alloc(500 * 1024);
    const messages = Array.from({ length: 40 }, (_, key) => ({ topic, key: `key-${key}`, properties: {}, payload }));
    await publishAll(transport, messages);
    // All that may be on its way is here by now.
    await eventually(async () => (await transport.backlog(topic, 'reader')) === messages.length);
    let received = 0;
    while (received < messages.length) {
      const some = await subscription.receive(100, lab.settings.patienceMs, neverAborted());
      expect(some.length).toBeGreaterThan(0);
      expect(payloadBytes(some)).toBeLessThan(BATCH_BYTES + MAX_MESSAGE_BYTES);
      await subscription.acknowledge(some);
      received += some.length;
    }
    await backlogIs(transport, topic, 'reader', 0);
  });
}

export function describeSubscriptionThatEnds(lab: TransportLab): void {
  describe('a subscription that ends', () => {
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
