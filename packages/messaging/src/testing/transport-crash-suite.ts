import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { orderBreaks, untilSettled } from './running-consumer.js';
import type { TransportLab } from './transport-lab.js';
import { backlogIs, numbered, publishAll, receive, receiveNow, rounds, texts, to } from './transport-steps.js';
import type { Seen } from './worker-protocol.js';

export function describeCrashes(lab: TransportLab): void {
  const patience = { timeoutMs: lab.settings.patienceMs, patienceMs: lab.settings.patienceMs };

  describe('after a crash', () => {
    it('of a consumer (kill -9), another receives in order what was not acknowledged, and only that', async () => {
      const topic = await lab.topic('team');
      const transport = lab.connect();
      const worker = await lab.fork(topic, 'team');
      await publishAll(transport, numbered(topic, 10, 0, 3));
      await eventually(() => worker.seen.length === 30, patience);
      worker.tell('acknowledge');
      await eventually(() => worker.acknowledgements() === 1, patience);
      // An acknowledgement that the broker has not noted yet may die with the consumer.
      await backlogIs(transport, topic, 'team', 0);
      await publishAll(transport, numbered(topic, 10, 3, 6));
      await eventually(() => worker.seen.length === 60, patience);
      const heir = await lab.connect().subscribe(to(topic, 'team'));
      worker.kill('SIGKILL');
      await worker.ended;
      const inherited = await receive(heir, 30, patience);
      for (let key = 0; key < 10; key += 1) {
        const ofKey = inherited.filter((message) => message.key === `key-${key}`);
        expect(texts(ofKey)).toEqual([3, 4, 5].map((number) => `key-${key} ${number}`));
      }
      expect(await receiveNow(heir)).toEqual([]);
      await backlogIs(transport, topic, 'team', 0);
    });

    it('that was only a freeze beyond the lease, the zombie harms nothing', async () => {
      const topic = await lab.topic('team');
      const transport = lab.connect();
      const worker = await lab.fork(topic, 'team');
      await publishAll(transport, numbered(topic, 40, 0, 1));
      await eventually(() => worker.seen.length === 40, patience);
      worker.kill('SIGSTOP');
      await publishAll(transport, numbered(topic, 40, 1, 2));
      const journal: Seen[] = [];
      const heir = await lab.join(to(topic, 'team'), journal);
      await eventually(() => new Set(journal.map(({ text }) => text)).size === 80, patience);
      expect(orderBreaks(journal)).toEqual([]);
      worker.kill('SIGCONT');
      // It acknowledges what is long acknowledged, and then works beside its heir.
      worker.tell('acknowledge always');
      await eventually(() => worker.acknowledgements() > 0, patience);
      const { publish } = rounds(transport, topic, 40, 2);
      await untilSettled([worker, heir], publish, patience.timeoutMs);
      expect(orderBreaks(worker.seen.filter(({ text }) => / [01]$/.test(text)))).toEqual([]);
      await backlogIs(transport, topic, 'team', 0);
      await heir.stop();
    });
  });
}
