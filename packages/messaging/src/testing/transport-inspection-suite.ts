import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import type { TransportLab } from './transport-lab.js';
import { numbered, publishAll, receive, textMessage, texts, to } from './transport-steps.js';

export function describeInspection(lab: TransportLab): void {
  describe('tells', () => {
    it('how many partitions a topic has and how many messages were published to each', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      expect(await transport.partitions(topic)).toBe(lab.settings.partitions);
      expect(await transport.endPositions(topic)).toEqual(Array.from({ length: lab.settings.partitions }, () => 0n));
      await publishAll(transport, [...numbered(topic, 20, 0, 3), textMessage(topic, 'key-0', 'one more')]);
      const received = await receive(await transport.subscribe(to(topic, 'reader')), 61);
      const counts = Array.from({ length: lab.settings.partitions }, (_, partition) =>
        BigInt(received.filter((message) => message.partition === partition).length),
      );
      expect(await transport.endPositions(topic)).toEqual(counts);
    });

    it('how many messages each subscription has not acknowledged', async () => {
      const topic = await lab.topic('busy', 'idle');
      const transport = lab.connect();
      const backlogs = async () => [await transport.backlog(topic, 'busy'), await transport.backlog(topic, 'idle')];
      expect(await backlogs()).toEqual([0, 0]);
      await publishAll(transport, numbered(topic, 10, 0, 3));
      await eventually(async () => (await backlogs()).join() === '30,30');
      const busy = await transport.subscribe(to(topic, 'busy'));
      const received = await receive(busy, 30, { acknowledge: false });
      expect(await backlogs()).toEqual([30, 30]);
      await busy.acknowledge(received.slice(0, 25));
      await eventually(async () => (await backlogs()).join() === '5,30');
      await busy.acknowledge(received);
      await eventually(async () => (await backlogs()).join() === '0,30');
    });

    it('what is in a topic, page by page, and consumes nothing', async () => {
      const topic = await lab.topic('reader');
      const transport = lab.connect();
      expect(await transport.browse(topic, { limit: 10 })).toEqual([]);
      await publishAll(transport, numbered(topic, 20, 0, 3));
      const all = await transport.browse(topic, { limit: 1_000 });
      expect(new Set(texts(all)).size).toBe(60);
      const partitions = all.map(({ partition }) => partition);
      expect(partitions).toEqual(partitions.toSorted((one, other) => one - other));
      const paged = [];
      for (let page = await transport.browse(topic, { limit: 7 }); page.length > 0;) {
        expect(page.length).toBeLessThanOrEqual(7);
        paged.push(...page);
        page = await transport.browse(topic, { limit: 7, after: page.at(-1)?.position ?? '' });
      }
      expect(paged).toEqual(all);
      const received = await receive(await transport.subscribe(to(topic, 'reader')), 60);
      const places = (messages: typeof all) => messages.map(({ position }) => position).toSorted();
      expect(places(received)).toEqual(places(all));
      expect(await transport.browse(topic, { limit: 1_000 })).toEqual(all);
    });
  });
}
