import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type InboxLab, key } from './inbox-store-lab.js';

export function describeAttempts<Tx>({ store, inTransaction, claim, markDead }: InboxLab<Tx>): void {
  describe('attempts', () => {
    it('are counted per message and subscription', async () => {
      const id = uuidv7();
      expect(await store().countAttempt('order', id)).toBe(1);
      expect(await store().countAttempt('order', id)).toBe(2);
      expect(await store().countAttempt('payment', id)).toBe(1);
      expect(await store().countAttempt('order', uuidv7())).toBe(1);
    });

    it('survive the rollback of the try', async () => {
      const id = uuidv7();
      const failing = inTransaction(async (tx) => {
        await store().countAttempt('order', id);
        await store().claim(tx, 'order', [key(id)]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await store().countAttempt('order', id)).toBe(2);
    });

    it('are taken back one by one, and never below none', async () => {
      const id = uuidv7();
      await store().countAttempt('order', id);
      await store().countAttempt('order', id);
      await store().uncountAttempt('order', id);
      expect(await store().countAttempt('order', id)).toBe(2);
      for (let i = 0; i < 4; i += 1) await store().uncountAttempt('order', id);
      await store().uncountAttempt('order', uuidv7());
      expect(await store().countAttempt('order', id)).toBe(1);
    });

    it.each(['handled', 'dead'])('are forgotten when the message is %s', async (fate) => {
      const id = uuidv7();
      await store().countAttempt('order', id);
      await store().countAttempt('order', id);
      await (fate === 'dead' ? markDead(key(id)) : claim([key(id), key(uuidv7())]));
      expect(await store().countAttempt('order', id)).toBe(1);
    });
  });
}
