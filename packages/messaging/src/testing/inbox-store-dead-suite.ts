import { describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type InboxLab, key } from './inbox-store-lab.js';

export function describeTheDead<Tx>({ store, inTransaction, claim, markDead }: InboxLab<Tx>): void {
  describe('the dead', () => {
    it('are marked once, unless they were handled', async () => {
      const [dead, done] = [uuidv7(), uuidv7()];
      await claim([key(done)]);
      expect(await markDead(key(dead))).toBe(true);
      expect(await markDead(key(dead))).toBe(false);
      expect(await markDead(key(done))).toBe(false);
      expect(await markDead(key(dead), 'payment')).toBe(true);
    });

    it('do not pass as they are', async () => {
      const id = uuidv7();
      await markDead(key(id));
      expect(await claim([key(id)])).toEqual([]);
    });

    it('pass once for each redrive with a higher number', async () => {
      const id = uuidv7();
      await markDead(key(id));
      expect(await claim([key(id, 1)])).toEqual([id]);
      expect(await claim([key(id, 1)])).toEqual([]);
      expect(await claim([key(id, 2)])).toEqual([]);
    });

    it('can die again of a redrive, and pass again with the next', async () => {
      const id = uuidv7();
      await markDead(key(id));
      expect(await markDead(key(id, 1))).toBe(true);
      expect(await markDead(key(id, 1))).toBe(false);
      expect(await claim([key(id, 1)])).toEqual([]);
      expect(await claim([key(id, 2)])).toEqual([id]);
    });

    it('do not come back by a redrive of what was handled', async () => {
      const id = uuidv7();
      await claim([key(id)]);
      expect(await claim([key(id, 1)])).toEqual([]);
      expect(await markDead(key(id, 1))).toBe(false);
    });

    it('leave a body that is too large to be published, once', async () => {
      const id = uuidv7();
      const keep = (body: Uint8Array) => inTransaction((tx) => store().keepLargeBody(tx, 'order', id, body));
      await keep(new Uint8Array(700 * 1024));
      await expect(keep(new Uint8Array())).resolves.toBeUndefined();
    });
  });
}
