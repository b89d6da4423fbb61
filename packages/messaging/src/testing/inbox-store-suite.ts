import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import type { InboxKey, InboxStore } from '../inbox/store.js';
import { gate } from './gate.js';

/** An empty inbox store, and how to run transactions in its database. */
export interface InboxStoreUnderTest<Tx> {
  readonly store: InboxStore<Tx>;
  /** Commits when `work` resolves, rolls back when it rejects; several may be open at once. */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

const key = (messageId: string, redrive = 0): InboxKey => ({ messageId, redrive });

/** Holds an inbox store to its promises. `factory` is called once per test. */
export function describeInboxStore<Tx>(name: string, factory: () => Promise<InboxStoreUnderTest<Tx>>): void {
  describe(`inbox store: ${name}`, () => {
    let opened: InboxStoreUnderTest<Tx>;
    let store: InboxStore<Tx>;
    beforeEach(async () => {
      opened = await factory();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const claim = async (messages: readonly InboxKey[], subscription = 'order'): Promise<string[]> => [
      ...(await opened.inTransaction((tx) => store.claim(tx, subscription, messages))),
    ];
    const markDead = (message: InboxKey, subscription = 'order') =>
      opened.inTransaction((tx) => store.markDead(tx, subscription, message));

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
        const failing = opened.inTransaction(async (tx) => {
          await store.claim(tx, 'order', [key(id)]);
          throw new Error('rolled back');
        });
        await expect(failing).rejects.toThrow('rolled back');
        expect(await claim([key(id)])).toEqual([id]);
      });

      it.each([
        { ending: 'commits', then: [] as number[] },
        { ending: 'is rolled back', then: [0] },
      ])('waits for a transaction that has the message in hand until it $ending', async ({ ending, then }) => {
        const id = uuidv7();
        const [claimed, hold] = [gate(), gate()];
        const first = opened.inTransaction(async (tx) => {
          await store.claim(tx, 'order', [key(id)]);
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
        const keep = (body: Uint8Array) => opened.inTransaction((tx) => store.keepLargeBody(tx, 'order', id, body));
        await keep(new Uint8Array(700 * 1024));
        await expect(keep(new Uint8Array())).resolves.toBeUndefined();
      });
    });

    describe('attempts', () => {
      it('are counted per message and subscription', async () => {
        const id = uuidv7();
        expect(await store.countAttempt('order', id)).toBe(1);
        expect(await store.countAttempt('order', id)).toBe(2);
        expect(await store.countAttempt('payment', id)).toBe(1);
        expect(await store.countAttempt('order', uuidv7())).toBe(1);
      });

      it('survive the rollback of the try', async () => {
        const id = uuidv7();
        const failing = opened.inTransaction(async (tx) => {
          await store.countAttempt('order', id);
          await store.claim(tx, 'order', [key(id)]);
          throw new Error('rolled back');
        });
        await expect(failing).rejects.toThrow('rolled back');
        expect(await store.countAttempt('order', id)).toBe(2);
      });

      it('are taken back one by one, and never below none', async () => {
        const id = uuidv7();
        await store.countAttempt('order', id);
        await store.countAttempt('order', id);
        await store.uncountAttempt('order', id);
        expect(await store.countAttempt('order', id)).toBe(2);
        for (let i = 0; i < 4; i += 1) await store.uncountAttempt('order', id);
        await store.uncountAttempt('order', uuidv7());
        expect(await store.countAttempt('order', id)).toBe(1);
      });

      it.each(['handled', 'dead'])('are forgotten when the message is %s', async (fate) => {
        const id = uuidv7();
        await store.countAttempt('order', id);
        await store.countAttempt('order', id);
        await (fate === 'dead' ? markDead(key(id)) : claim([key(id), key(uuidv7())]));
        expect(await store.countAttempt('order', id)).toBe(1);
      });
    });

    describe('messages in hand', () => {
      it('are told to another consumer of the subscription that receives one of them, until they are put down', async () => {
        const [dead, heir] = [uuidv4(), uuidv4()];
        const [first, second, other] = [uuidv7(), uuidv7(), uuidv7()];
        expect(await store.takeInHand(dead, 'order', [first, second])).toBe(false);
        expect(await store.takeInHand(heir, 'order', [other])).toBe(false);
        expect(await store.takeInHand(heir, 'payment', [second])).toBe(false);
        expect(await store.takeInHand(heir, 'order', [other, second])).toBe(true);
        await store.putDown(dead);
        expect(await store.takeInHand(heir, 'order', [other, second])).toBe(false);
      });

      it('are those that were taken last', async () => {
        const [one, another] = [uuidv4(), uuidv4()];
        const [before, now] = [uuidv7(), uuidv7()];
        await store.takeInHand(one, 'order', [before]);
        await store.takeInHand(one, 'order', [now]);
        expect(await store.takeInHand(another, 'order', [before])).toBe(false);
        expect(await store.takeInHand(another, 'order', [now])).toBe(true);
      });

      it('may be taken again by the same consumer', async () => {
        const [consumer, id] = [uuidv4(), uuidv7()];
        await store.takeInHand(consumer, 'order', [id]);
        expect(await store.takeInHand(consumer, 'order', [id])).toBe(false);
      });
    });
  });
}
