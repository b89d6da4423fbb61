import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { TransportMessage } from '../publisher.js';
import { eventually } from './eventually.js';
import { orderBreaks } from './running-consumer.js';
import type { TransportLab } from './transport-lab.js';
import { numbered, publishAll, to } from './transport-steps.js';
import type { Seen } from './worker-protocol.js';

export function describeOutages(lab: TransportLab): void {
  const patience = { timeoutMs: lab.settings.patienceMs };

  /** Whatever happens: other tests need the broker. */
  const duringOutage = async <T>(work: () => Promise<T>): Promise<T> => {
    await lab.outage().begin();
    try {
      return await work();
    } finally {
      await lab.outage().end();
    }
  };

  describe('after an outage', () => {
    it('of the broker, everybody goes on; meanwhile they are told that it is unavailable', async () => {
      const topic = await lab.topic('team');
      const transport = lab.connect();
      const publishUntilConfirmed = (messages: readonly TransportMessage[]) =>
        eventually(() => publishAll(transport, messages).then(() => true), patience);
      const durable = await lab.join(to(topic, 'team'));
      const live = await lab.join(to(topic, 'live', { mode: 'ephemeral' }));
      await publishAll(transport, numbered(topic, 10, 0, 2));
      await eventually(() => durable.seen.length >= 20 && live.seen.length === 20, patience);

      const publishing = await duringOutage(async () => {
        const awayAt = performance.now();
        const results = transport.publish(numbered(topic, 10, 2, 3));
        while (performance.now() - awayAt < 1.5 * lab.settings.leaseMs) {
          await expect(transport.check()).rejects.toMatchObject({ code: 'unavailable' });
          await delay(50);
        }
        return { results };
      });
      await eventually(() => transport.check().then(() => true), patience);
      const failures = (await publishing.results).filter((result) => result !== undefined);
      for (const failure of failures) expect(failure).toMatchObject({ code: 'unavailable' });
      // As a relay does: what was not confirmed is published again, from the first of it on, until it is.
      if (failures.length > 0) await publishUntilConfirmed(numbered(topic, 10, 2, 3));
      await publishUntilConfirmed(numbered(topic, 10, 3, 4));
      const isSeen = ({ seen }: { seen: readonly Seen[] }) => new Set(seen.map(({ text }) => text)).size === 40;
      await eventually(() => isSeen(durable) && isSeen(live), patience);
      expect(orderBreaks(durable.seen)).toEqual([]);
      expect(orderBreaks(live.seen)).toEqual([]);
      await Promise.all([durable.stop(), live.stop()]);
    });
  });
}
