import { describe, expect, it } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { gate } from './gate.js';
import { type InboxLab, key } from './inbox-store-lab.js';

export function describeClaim<Tx>({ store, inTransaction, claim }: InboxLab<Tx>): void {
  describe('claim', () => {
    it('lets a message pass once', async () => {
      const id = uuidv7();
      expect(await claim([key(id)])).toEqual([id]);
      expect(await claim([key(id)])).toEqual([]);
    });

    it('says of many which are new', async () => {
      const [known, fresh] = [uuidv7(), uuidv7()];
      await claim([key(known)]);
      expect(await claim([key(fresh), key(known)])).toEqual([fresh]);
    });

    it('lets a message pass again whose transaction was rolled back', async () => {
      const id = uuidv7();
      const failing = inTransaction(async (tx) => {
        await store().claim(tx, 'order', [key(id)]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await claim([key(id)])).toEqual([id]);
    });

    it('takes a thousand messages at once', async () => {
      const keys = Array.from({ length: 1_000 }, () => key(uuidv7()));
      expect((await claim(keys)).toSorted()).toEqual(keys.map(({ messageId }) => messageId));
      expect(await claim(keys)).toEqual([]);
    });

    it('knows nothing of other subscriptions', async () => {
      const id = uuidv7();
      await claim([key(id)], 'order');
      expect(await claim([key(id)], 'payment')).toEqual([id]);
    });
  });
}

export function describeClaimBesideOthers<Tx>({ store, inTransaction, claim }: InboxLab<Tx>): void {
  describe('claim beside others', () => {
    it.each([
      { ending: 'commits', then: [] as number[] },
      { ending: 'is rolled back', then: [0] },
    ])('waits for a transaction that has the message in hand until it $ending', async ({ ending, then }) => {
      const id = uuidv7();
      const [claimed, hold] = [gate(), gate()];
      const first = inTransaction(async (tx) => {
        await store().claim(tx, 'order', [key(id)]);
        claimed.open();
        await hold.passed;
        if (ending !== 'commits') throw new Error('rolled back');
      });
      const ended = first.then(
        () => 'committed',
        () => 'rolled back',
      );
      await claimed.passed;
      const order: string[] = [];
      const second = claim([key(id)]).then((ids) => (order.push('second'), ids));
      // Another claim that is asked for later and does not wait overtakes the one that does.
      await claim([key(uuidv7())]);
      order.push('first ends');
      hold.open();
      await ended;
      expect(await second).toEqual(then.map(() => id));
      expect(order).toEqual(['first ends', 'second']);
    });

    it('neither deadlocks nor lets a message pass twice when batches overlap in different orders', async () => {
      const ids = Array.from({ length: 300 }, () => uuidv4());
      const orders = [ids, ids.toReversed(), [...ids.slice(150), ...ids.slice(0, 150)], ids.toSorted()];
      const results = await Promise.all(orders.map((some) => claim(some.map((id) => key(id)))));
      expect(results.map((passed) => passed.length).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 300]);
    });
  });
}
