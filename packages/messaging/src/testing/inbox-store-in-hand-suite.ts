import { describe, expect, it } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type { InboxLab } from './inbox-store-lab.js';

export function describeInHand<Tx>({ store }: InboxLab<Tx>): void {
  describe('messages in hand', () => {
    it('are told to another consumer of the subscription that receives one of them, until they are put down', async () => {
      const [dead, heir] = [uuidv4(), uuidv4()];
      const [first, second, other] = [uuidv7(), uuidv7(), uuidv7()];
      expect(await store().takeInHand(dead, 'order', [first, second])).toBe(false);
      expect(await store().takeInHand(heir, 'order', [other])).toBe(false);
      expect(await store().takeInHand(heir, 'payment', [second])).toBe(false);
      expect(await store().takeInHand(heir, 'order', [other, second])).toBe(true);
      await store().putDown(dead);
      expect(await store().takeInHand(heir, 'order', [other, second])).toBe(false);
    });

    it('are those that were taken last', async () => {
      const [one, another] = [uuidv4(), uuidv4()];
      const [before, now] = [uuidv7(), uuidv7()];
      await store().takeInHand(one, 'order', [before]);
      await store().takeInHand(one, 'order', [now]);
      expect(await store().takeInHand(another, 'order', [before])).toBe(false);
      expect(await store().takeInHand(another, 'order', [now])).toBe(true);
    });

    it('may be taken again by the same consumer', async () => {
      const [consumer, id] = [uuidv4(), uuidv7()];
      await store().takeInHand(consumer, 'order', [id]);
      expect(await store().takeInHand(consumer, 'order', [id])).toBe(false);
    });
  });
}
