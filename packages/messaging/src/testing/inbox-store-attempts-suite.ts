import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type InboxLab, key } from './inbox-store-lab.js';

export function describeAttempts<Tx>({ store, inTransaction, claim, markDead }: InboxLab<Tx>): void {
  describe('attempts', () => {
    it('are counted per message and subscription', async () => {
      const id = uuidv7();
      expect(await store().countAttempt('order', key(id))).toBe(1);
      expect(await store().countAttempt('order', key(id))).toBe(2);
      expect(await store().countAttempt('payment', key(id))).toBe(1);
      expect(await store().countAttempt('order', key(uuidv7()))).toBe(1);
    });

    it('survive the rollback of the try', async () => {
      const id = uuidv7();
      const failing = inTransaction(async (tx) => {
        await store().countAttempt('order', key(id));
        await store().claim(tx, 'order', [key(id)]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await store().countAttempt('order', key(id))).toBe(2);
    });

    it('are taken back one by one, and never below none', async () => {
      const id = uuidv7();
      await store().countAttempt('order', key(id));
      await store().countAttempt('order', key(id));
      await store().uncountAttempt('order', id);
      expect(await store().countAttempt('order', key(id))).toBe(2);
      for (let i = 0; i < 4; i += 1) await store().uncountAttempt('order', id);
      await store().uncountAttempt('order', uuidv7());
      expect(await store().countAttempt('order', key(id))).toBe(1);
    });

    it('are forgotten when the message is handled or dead, and those of a redrive begin anew', async () => {
      const [handled, dead] = [uuidv7(), uuidv7()];
      for (const id of [handled, dead, handled, dead]) await store().countAttempt('order', key(id));
      await claim([key(handled), key(uuidv7())]);
      await markDead(key(dead));
      expect(await store().countAttempt('payment', key(handled))).toBe(1);
      expect(await store().countAttempt('order', key(dead, 1))).toBe(1);
      expect(await store().countAttempt('order', key(dead, 1))).toBe(2);
    });

    it('are not counted of a message that needs none: handled, or dead and not redriven since', async () => {
      const [handled, dead] = [uuidv7(), uuidv7()];
      await claim([key(handled)]);
      await markDead(key(dead, 1));
      for (const message of [key(handled), key(handled, 1), key(dead), key(dead, 1)])
        expect(await store().countAttempt('order', message)).toBeUndefined();
      expect(await store().countAttempt('order', key(dead, 2))).toBe(1);
    });
  });
}
