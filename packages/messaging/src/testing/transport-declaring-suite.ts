import { describe, expect, it } from '@jest/globals';
import type { TransportLab } from './transport-lab.js';
import { backlogIs, numbered, publishAll, receive, to } from './transport-steps.js';

export function describeDeclaring(lab: TransportLab): void {
  describe('declares', () => {
    it('again what exists, and adds what is new', async () => {
      const topic = await lab.topic('old');
      const transport = lab.connect();
      await publishAll(transport, numbered(topic, 5, 0, 1));
      await Promise.all([
        transport.declare([{ topic, subscriptions: ['old', 'new'], partitions: lab.settings.partitions }]),
        lab.connect().declare([{ topic, subscriptions: ['new', 'old'] }]),
      ]);
      await backlogIs(transport, topic, 'old', 5);
      expect(await receive(await transport.subscribe(to(topic, 'new', { from: 'latest' })), 5)).toHaveLength(5);
    });

    it('a topic with as many partitions as are wanted, and refuses to change their number, changing nothing', async () => {
      const topic = await lab.topic();
      const transport = lab.connect();
      const three = [{ topic: `${topic}-3`, subscriptions: [], partitions: 3 }];
      await transport.declare(three);
      expect(await transport.partitions(`${topic}-3`)).toBe(3);
      await transport.declare(three);
      const other = transport.declare([
        { topic: `${topic}-new`, subscriptions: ['new'] },
        { topic, subscriptions: [], partitions: lab.settings.partitions + 1 },
      ]);
      await expect(other).rejects.toMatchObject({ code: 'configuration' });
      await expect(transport.check([`${topic}-new`])).rejects.toMatchObject({ code: 'unavailable' });
      expect(await transport.partitions(topic)).toBe(lab.settings.partitions);
    });

    it('what a check then finds, which names the topics that are missing', async () => {
      const topic = await lab.topic();
      const transport = lab.connect();
      await transport.check([topic]);
      const missing = [`${topic}-x`, `${topic}-y`];
      await expect(transport.check([topic, ...missing])).rejects.toMatchObject({
        ...{ code: 'unavailable', message: `topics ${missing.join(', ')} do not exist; declare them first` },
      });
      await lab.connect().declare(missing.map((name) => ({ topic: name, subscriptions: [] })));
      await transport.check([topic, ...missing]);
    });
  });
}
