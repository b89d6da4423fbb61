import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { v4 as uuidv4 } from 'uuid';
import type { OutboxStore } from '../outbox/store.js';
import type { TransportMessage } from '../publisher.js';
import { eventually } from './eventually.js';
import { gate } from './gate.js';

/** An empty outbox store, and how to run transactions in its database. */
export interface OutboxStoreUnderTest<Tx> {
  readonly store: OutboxStore<Tx>;
  /** Commits when `work` resolves, rolls back when it rejects; several may be open at once. */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

const message = (key: string, payload: Uint8Array = Buffer.from(key)): TransportMessage => ({
  ...{ topic: 'orders', key, payload },
  properties: { ce_id: `id of ${key}`, empty: '' },
});

/** Holds an outbox store to its promises. `factory` is called once per test. */
export function describeOutboxStore<Tx>(name: string, factory: () => Promise<OutboxStoreUnderTest<Tx>>): void {
  describe(`outbox store: ${name}`, () => {
    let opened: OutboxStoreUnderTest<Tx>;
    let store: OutboxStore<Tx>;
    beforeEach(async () => {
      opened = await factory();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const append = (...keys: string[]) =>
      opened.inTransaction((tx) =>
        store.append(
          tx,
          keys.map((key) => message(key)),
        ),
      );
    const peekKeys = async (limit = 10) => (await store.peek(limit)).map((row) => row.message.key);

    describe('rows', () => {
      it('keeps messages as they were given, in their order', async () => {
        await append('b', 'a', 'c');
        const rows = await store.peek(10);
        expect(rows.map((row) => row.message.key)).toEqual(['b', 'a', 'c']);
        expect({ ...rows[0]?.message, payload: Buffer.from(rows[0]?.message.payload ?? []) }).toEqual(message('b'));
      });

      it('shows messages when their transaction commits, and not before', async () => {
        const hold = gate();
        const appended = gate();
        const transaction = opened.inTransaction(async (tx) => {
          await store.append(tx, [message('a')]);
          appended.open();
          await hold.passed;
        });
        await appended.passed;
        expect(await peekKeys()).toEqual([]);
        hold.open();
        await transaction;
        expect(await peekKeys()).toEqual(['a']);
      });

      it('has nothing of a transaction that was rolled back', async () => {
        const failing = opened.inTransaction(async (tx) => {
          await store.append(tx, [message('a')]);
          throw new Error('rolled back');
        });
        await expect(failing).rejects.toThrow('rolled back');
        expect(await peekKeys()).toEqual([]);
        expect(await store.stats()).toEqual({ pending: 0, oldestAgeSeconds: 0 });
      });

      it('does not skip a message that was appended early and committed late', async () => {
        const hold = gate();
        const appended = gate();
        const early = opened.inTransaction(async (tx) => {
          await store.append(tx, [message('early')]);
          appended.open();
          await hold.passed;
        });
        await appended.passed;
        await append('late');
        const [row] = await store.peek(10);
        expect(row?.message.key).toBe('late');
        await store.remove([row?.id ?? '']);
        hold.open();
        await early;
        expect(await peekKeys()).toEqual(['early']);
      });

      it('shows the oldest first, as many as are asked for, and again until they are removed', async () => {
        await append('a', 'b');
        await append('c');
        expect(await peekKeys(2)).toEqual(['a', 'b']);
        expect(await peekKeys(2)).toEqual(['a', 'b']);
      });

      it('leaves out topics that are not wanted', async () => {
        const payments = { ...message('payment'), topic: 'payments' };
        await opened.inTransaction((tx) => store.append(tx, [message('a'), payments, message('b')]));
        expect((await store.peek(2, ['payments', 'other'])).map((row) => row.message.key)).toEqual(['a', 'b']);
        expect(await store.peek(2, ['payments', 'orders'])).toEqual([]);
      });

      it('removes what is named, and takes what is gone for removed', async () => {
        await append('a', 'b', 'c');
        const ids = (await store.peek(10)).map((row) => row.id);
        await store.remove([ids[1] ?? '']);
        await store.remove([ids[1] ?? '', ids[0] ?? '']);
        expect(await peekKeys()).toEqual(['c']);
      });

      it('appends nothing when there is nothing', async () => {
        await append();
        expect(await peekKeys()).toEqual([]);
      });

      it('keeps every byte of a payload, none included, and every character of a header', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        const header = 'comma, "quote" \\ \n ñ 🍊 {} \u2028';
        const odd = { ...message('odd', bytes), properties: { header, [header]: 'x' } };
        await opened.inTransaction((tx) => store.append(tx, [odd, message('empty', new Uint8Array())]));
        const rows = await store.peek(10);
        expect(rows.map((row) => [...row.message.payload])).toEqual([[...bytes], []]);
        expect(rows[0]?.message.properties).toEqual(odd.properties);
      });

      it('takes a thousand messages at once', async () => {
        const keys = Array.from({ length: 1_000 }, (_, index) => `key ${index}`);
        await append(...keys);
        expect(await peekKeys(1_000)).toEqual(keys);
        await store.remove((await store.peek(1_000)).map((row) => row.id));
        expect((await store.stats()).pending).toBe(0);
      });

      it('refuses a message that no transport could publish, and with it its batch', async () => {
        const large = message('large', new Uint8Array(600 * 1024));
        const appending = opened.inTransaction((tx) => store.append(tx, [message('a'), large]));
        await expect(appending).rejects.toMatchObject({ code: 'payload-too-large' });
        expect(await peekKeys()).toEqual([]);
      });

      it('says how much waits and for how long', async () => {
        expect(await store.stats()).toEqual({ pending: 0, oldestAgeSeconds: 0 });
        await append('a', 'b');
        const { oldestAgeSeconds } = await store.stats();
        await eventually(async () => (await store.stats()).oldestAgeSeconds > oldestAgeSeconds);
        expect((await store.stats()).pending).toBe(2);
      });
    });

    describe('lease', () => {
      const [one, two] = [uuidv4(), uuidv4()];

      it('belongs to one owner at a time', async () => {
        expect(await store.acquireLease(one, 10_000)).toBe(true);
        expect(await store.acquireLease(two, 10_000)).toBe(false);
      });

      it('is taken by one of many who ask at once', async () => {
        const owners = Array.from({ length: 8 }, () => uuidv4());
        const answers = await Promise.all(owners.map((owner) => store.acquireLease(owner, 10_000)));
        expect(answers.filter((acquired) => acquired)).toHaveLength(1);
      });

      it('is renewed by its owner', async () => {
        expect(await store.acquireLease(one, 150)).toBe(true);
        expect(await store.acquireLease(one, 10_000)).toBe(true);
        await expect(
          eventually(() => store.acquireLease(two, 10_000), { timeoutMs: 300, intervalMs: 50 }),
        ).rejects.toThrow('not fulfilled');
      });

      it('is free for another once it was given back', async () => {
        await store.acquireLease(one, 10_000);
        await store.releaseLease(one);
        expect(await store.acquireLease(two, 10_000)).toBe(true);
      });

      it('is lost by an owner who stands still, who then can neither renew it nor give it back', async () => {
        await store.acquireLease(one, 100);
        await eventually(() => store.acquireLease(two, 10_000));
        expect(await store.acquireLease(one, 10_000)).toBe(false);
        await store.releaseLease(one);
        expect(await store.acquireLease(one, 10_000)).toBe(false);
        expect(await store.acquireLease(two, 10_000)).toBe(true);
      });

      it('ends by the clock of the store, whatever the clock of a process says', async () => {
        await store.acquireLease(one, 10_000);
        const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
        try {
          expect(await store.acquireLease(two, 10_000)).toBe(false);
        } finally {
          clock.mockRestore();
        }
      });
    });
  });
}
