import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { orderBreaks, untilSettled } from './running-consumer.js';
import type { TransportLab } from './transport-lab.js';
import { backlogIs, rounds, to } from './transport-steps.js';
import type { Seen } from './worker-protocol.js';

const KEYS = 40;
/** Who comes or goes in good order is noticed at once, not when a lease is over. */
const LONG_LEASE = { leaseMs: 60_000 };

export function describeSharing(lab: TransportLab): void {
  describe('consumers of one subscription', () => {
    it('share the partitions: each message goes to one of them, each key to the same, while nobody comes or goes', async () => {
      const topic = await lab.topic('team');
      const { publish } = rounds(lab.connect(), topic, KEYS);
      const join = () => lab.join(to(topic, 'team'), [], LONG_LEASE);
      const consumers = [await join(), ...(await Promise.all([join(), join()]))];
      await untilSettled(consumers, publish, lab.settings.patienceMs);
      const before = consumers.map(({ seen }) => seen.length);
      const texts = new Set([...(await publish()), ...(await publish()), ...(await publish())]);
      const since = () => consumers.map(({ seen }, index) => seen.slice(before[index]));
      const count = () => since().flat().length;
      await eventually(() => count() >= texts.size, { timeoutMs: lab.settings.patienceMs });
      await backlogIs(lab.connect(), topic, 'team', 0);
      expect(new Set(since().flatMap((seen) => seen.map(({ text }) => text)))).toEqual(texts);
      expect(count()).toBe(texts.size);
      const keys = since().map((seen) => new Set(seen.map(({ key }) => key)));
      expect(keys.reduce((sum, { size }) => sum + size, 0)).toBe(KEYS);
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    });

    it('may come and go while messages are published: nothing is lost, and the order of each key is kept', async () => {
      const topic = await lab.topic('team');
      const { publish, published } = rounds(lab.connect(), topic, KEYS);
      const journal: Seen[] = [];
      const seen = () => new Set(journal.map(({ text }) => text)).size;
      const join = () => lab.join(to(topic, 'team'), journal, LONG_LEASE);
      const stopping = new AbortController();
      const publishing = untilAborted(stopping.signal, publish);
      const consumers = [await join()];
      try {
        for (const change of ['join', 'join', 'leave', 'join', 'leave', 'leave']) {
          if (change === 'join') consumers.push(await join());
          else await consumers.shift()?.stop();
          const [before, goal] = [seen(), published() + 2 * KEYS];
          await eventually(() => seen() > before && published() >= goal, { timeoutMs: lab.settings.patienceMs });
        }
      } finally {
        stopping.abort();
        await publishing;
      }
      await eventually(() => seen() === published(), { timeoutMs: lab.settings.patienceMs });
      expect(orderBreaks(journal)).toEqual([]);
      for (const consumer of consumers) await consumer.stop();
    });
  });
}

async function untilAborted(signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) await work();
}
