import { describe, expect, it } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type { InboxKey } from '../inbox/store.js';
import { type InboxLab, key } from './inbox-store-lab.js';

export function describeFates<Tx>(lab: InboxLab<Tx>): void {
  const { store, inTransaction, claim, markDead } = lab;

  describe('fates', () => {
    it('are told of the messages of one subscription, and of those only that it knows', async () => {
      const [done, dead, strange] = [uuidv7(), uuidv7(), uuidv7()];
      await claim([key(done)]);
      await markDead(key(dead, 2));
      expect(await store().fatesOf('order', [done, dead, strange])).toEqual(
        new Map([
          [done, { outcome: 'done', redrive: 0, redriven: 0 }],
          [dead, { outcome: 'dead', redrive: 2, redriven: 0 }],
        ]),
      );
      expect(await store().fatesOf('payment', [done, dead])).toEqual(new Map());
    });

    it('stay as they are while they are held', async () => {
      const id = uuidv7();
      await markDead(key(id));
      const order: string[] = [];
      let redriven: Promise<unknown> = Promise.resolve();
      await inTransaction(async (tx) => {
        const held = await store().holdFates(tx, 'order', [id]);
        expect(held.get(id)).toEqual({ outcome: 'dead', redrive: 0, redriven: 0 });
        redriven = claim([key(id, 1)]).then(() => order.push('claimed'));
        // Another claim that is asked for later and does not wait overtakes the one that does.
        await claim([key(uuidv7())]);
        order.push('held');
      });
      await redriven;
      expect(order).toEqual(['held', 'claimed']);
    });

    it('count the dead that are neither on their way nor dropped', async () => {
      const [open, redriven, dropped, done, elsewhere] = Array.from({ length: 5 }, () => uuidv7()) as Five;
      for (const id of [open, redriven, dropped]) await markDead(key(id));
      await claim([key(done)]);
      await markDead(key(elsewhere), 'payment');
      await inTransaction((tx) => store().markRedriven(tx, 'order', [key(redriven)]));
      await inTransaction((tx) => store().markDropped(tx, 'order', [key(dropped)]));
      expect([await store().countDead('order'), await store().countDead('payment')]).toEqual([1, 1]);
    });

    it('keep a large body, byte by byte', async () => {
      const [id, body] = [uuidv7(), new Uint8Array(700 * 1024).fill(7)];
      await inTransaction((tx) => store().keepLargeBody(tx, 'order', id, body));
      const kept = await store().largeBody('order', id);
      expect(Buffer.from(kept ?? []).equals(Buffer.from(body))).toBe(true);
      expect(await store().largeBody('payment', id)).toBeUndefined();
    });
  });
}

type Five = [string, string, string, string, string];

export function describeRedrives<Tx>({ store, inTransaction, claim, markDead }: InboxLab<Tx>): void {
  const redrive = async (...keys: InboxKey[]) => [
    ...(await inTransaction((tx) => store().markRedriven(tx, 'order', keys))),
  ];
  const fate = async (id: string) => (await store().fatesOf('order', [id])).get(id);

  describe('a redrive', () => {
    it('is recorded once, and lets the message pass with the next number', async () => {
      const id = uuidv7();
      await markDead(key(id));
      expect(await redrive(key(id))).toEqual([id]);
      expect(await redrive(key(id))).toEqual([]);
      expect(await fate(id)).toEqual({ outcome: 'dead', redrive: 0, redriven: 1 });
      expect(await claim([key(id, 1)])).toEqual([id]);
      expect(await redrive(key(id))).toEqual([]);
      expect(await fate(id)).toMatchObject({ outcome: 'done', redrive: 1 });
    });

    it('that ends in death again is followed by the next', async () => {
      const id = uuidv7();
      await markDead(key(id));
      await redrive(key(id));
      await markDead(key(id, 1));
      expect(await redrive(key(id))).toEqual([]);
      expect(await redrive(key(id, 1))).toEqual([id]);
      expect(await fate(id)).toEqual({ outcome: 'dead', redrive: 1, redriven: 2 });
    });

    it('of a message that is not known, or no longer, makes it known as dead', async () => {
      const id = uuidv7();
      expect(await redrive(key(id, 1))).toEqual([id]);
      expect(await fate(id)).toEqual({ outcome: 'dead', redrive: 1, redriven: 2 });
      expect(await claim([key(id, 1)])).toEqual([]);
      expect(await claim([key(id, 2)])).toEqual([id]);
    });

    it('is recorded once when many record it at once, in different orders', async () => {
      const ids = Array.from({ length: 200 }, () => uuidv4());
      await inTransaction(async (tx) => {
        for (const id of ids.slice(100)) await store().markDead(tx, 'order', key(id));
      });
      const orders = [ids, ids.toReversed(), [...ids.slice(50), ...ids.slice(0, 50)]];
      const results = await Promise.all(orders.map((some) => redrive(...some.map((id) => key(id)))));
      expect(results.flat().toSorted()).toEqual(ids.toSorted());
    });
  });
}

export function describeDropping<Tx>({ store, inTransaction, claim, markDead }: InboxLab<Tx>): void {
  const drop = async (...keys: InboxKey[]) => [
    ...(await inTransaction((tx) => store().markDropped(tx, 'order', keys))),
  ];

  describe('what is dropped', () => {
    it('is dead, and stays so', async () => {
      const id = uuidv7();
      await markDead(key(id));
      expect(await drop(key(id))).toEqual([id]);
      expect(await drop(key(id))).toEqual([]);
      expect(await claim([key(id, 1)])).toEqual([]);
      expect(await markDead(key(id, 1))).toBe(false);
    });

    it('is none that was handled, is on its way, has died again, or is not known', async () => {
      const [done, redriven, again, strange] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
      await claim([key(done)]);
      await markDead(key(redriven));
      await inTransaction((tx) => store().markRedriven(tx, 'order', [key(redriven)]));
      await markDead(key(again, 1));
      expect(await drop(...[done, redriven, again, strange].map((id) => key(id)))).toEqual([]);
      expect(await claim([key(redriven, 1), key(strange)])).toEqual(expect.arrayContaining([redriven, strange]));
    });

    it('can be redriven all the same', async () => {
      const id = uuidv7();
      await markDead(key(id));
      await drop(key(id));
      expect([...(await inTransaction((tx) => store().markRedriven(tx, 'order', [key(id)])))]).toEqual([id]);
      expect(await claim([key(id, 1)])).toEqual([id]);
    });
  });
}
