import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { gate } from './gate.js';
import { BATCH_BYTES } from '../size-limit.js';
import type { OutboxRow } from '../outbox/store.js';
import { message, type OutboxLab } from './outbox-store-lab.js';

export function describeAppend<Tx>({ store, inTransaction, append, peekKeys }: OutboxLab<Tx>): void {
  describe('append', () => {
    it('keeps messages as they were given, in their order', async () => {
      await append('b', 'a', 'c');
      const rows = await store().peek(10);
      expect(rows.map((row) => row.message.key)).toEqual(['b', 'a', 'c']);
      expect({ ...rows[0]?.message, payload: Buffer.from(rows[0]?.message.payload ?? []) }).toEqual(message('b'));
    });

    it('keeps every byte of a payload, none included, and every character of a header', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      const header = 'comma, "quote" \\ \n ñ 🍊 {} \u2028';
      const odd = { ...message('odd', bytes), properties: { header, [header]: 'x' } };
      await inTransaction((tx) => store().append(tx, [odd, message('empty', new Uint8Array())]));
      const rows = await store().peek(10);
      expect(rows.map((row) => [...row.message.payload])).toEqual([[...bytes], []]);
      expect(rows[0]?.message.properties).toEqual(odd.properties);
    });

    it('takes a thousand messages at once', async () => {
      const keys = Array.from({ length: 1_000 }, (_, index) => `key ${index}`);
      await append(...keys);
      expect(await peekKeys(1_000)).toEqual(keys);
      await store().remove((await store().peek(1_000)).map((row) => row.id));
      expect((await store().stats()).pending).toBe(0);
    });

    it('appends nothing when there is nothing', async () => {
      await append();
      expect(await peekKeys()).toEqual([]);
    });

    it('refuses a message that no transport could publish, and with it its batch', async () => {
      const large = message('large', new Uint8Array(600 * 1024));
      const appending = inTransaction((tx) => store().append(tx, [message('a'), large]));
      await expect(appending).rejects.toMatchObject({ code: 'payload-too-large' });
      expect(await peekKeys()).toEqual([]);
    });
  });
}

export function describeTransactions<Tx>({ store, inTransaction, append, peekKeys }: OutboxLab<Tx>): void {
  describe('transactions', () => {
    it('shows messages when their transaction commits, and not before', async () => {
      const hold = gate();
      const appended = gate();
      const transaction = inTransaction(async (tx) => {
        await store().append(tx, [message('a')]);
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
      const failing = inTransaction(async (tx) => {
        await store().append(tx, [message('a')]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(await peekKeys()).toEqual([]);
      expect(await store().stats()).toEqual({ pending: 0, oldestAgeSeconds: 0 });
    });

    it('does not skip a message that was appended early and committed late', async () => {
      const hold = gate();
      const appended = gate();
      const early = inTransaction(async (tx) => {
        await store().append(tx, [message('early')]);
        appended.open();
        await hold.passed;
      });
      await appended.passed;
      await append('late');
      const [row] = await store().peek(10);
      expect(row?.message.key).toBe('late');
      await store().remove([row?.id ?? '']);
      hold.open();
      await early;
      expect(await peekKeys()).toEqual(['early']);
    });
  });
}

export function describeWaitingRows<Tx>({ store, inTransaction, append, peekKeys }: OutboxLab<Tx>): void {
  describe('waiting rows', () => {
    it('shows the oldest first, as many as are asked for, and again until they are removed', async () => {
      await append('a', 'b');
      await append('c');
      expect(await peekKeys(2)).toEqual(['a', 'b']);
      expect(await peekKeys(2)).toEqual(['a', 'b']);
    });

    it('leaves out topics that are not wanted', async () => {
      const payments = { ...message('payment'), topic: 'payments' };
      await inTransaction((tx) => store().append(tx, [message('a'), payments, message('b')]));
      expect((await store().peek(2, ['payments', 'other'])).map((row) => row.message.key)).toEqual(['a', 'b']);
      expect(await store().peek(2, ['payments', 'orders'])).toEqual([]);
    });

    it('shows what is behind an id that is named, and nothing without what is older of its topic and key', async () => {
      const [hold, appended] = [gate(), gate()];
      const early = inTransaction(async (tx) => {
        await store().append(tx, [message('late'), message('c'), { ...message('b'), topic: 'payments' }, message('b')]);
        appended.open();
        await hold.passed;
      });
      await appended.passed;
      await append('a', 'b', 'c');
      const [, after] = (await store().peek(10)).map((row) => row.id);
      await append('d', 'b');
      hold.open();
      await early;
      const all = await store().peek(10);
      for (let limit = 1; limit <= all.length; limit += 1) {
        const shown = await store().peek(limit, [], after);
        const ids = shown.map(({ id }) => id);
        expect(ids).toEqual(all.map(({ id }) => id).filter((id) => ids.includes(id)));
        const theirs = all.filter((row) => shown.some((later) => isOfSameKey(row, later) && isBefore(row, later)));
        expect(ids).toEqual(expect.arrayContaining(theirs.map(({ id }) => id)));
        expect(ids.length).toBeLessThanOrEqual(limit);
      }
      const keys = (await store().peek(10, ['payments'], after)).map((row) => row.message.key);
      expect(keys.slice(-3)).toEqual(['c', 'd', 'b']);
    });

    it('removes what is named, and takes what is gone for removed', async () => {
      await append('a', 'b', 'c');
      const ids = (await store().peek(10)).map((row) => row.id);
      await store().remove([ids[1] ?? '']);
      await store().remove([ids[1] ?? '', ids[0] ?? '']);
      expect(await peekKeys()).toEqual(['c']);
    });

    it('says how much waits and for how long', async () => {
      expect(await store().stats()).toEqual({ pending: 0, oldestAgeSeconds: 0 });
      await append('a', 'b');
      const { oldestAgeSeconds } = await store().stats();
      await eventually(async () => (await store().stats()).oldestAgeSeconds > oldestAgeSeconds);
      expect((await store().stats()).pending).toBe(2);
    });
  });
}

export function describeLargeRows<Tx>({ store, inTransaction, append, peekKeys }: OutboxLab<Tx>): void {
  describe('large rows', () => {
    it('are shown as many at once as make a batch, from the beginning and from behind an id', async () => {
      const payload = new Uint8Array(500 * 1024);
      const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
      await append('first');
      const [first] = await store().peek(1);
      for (const key of keys) await inTransaction((tx) => store().append(tx, [message(key, payload)]));
      const most = Math.ceil(BATCH_BYTES / payload.byteLength);
      expect(await peekKeys(100)).toEqual(['first', ...keys.slice(0, most)]);
      const behind = await store().peek(100, [], first?.id);
      expect(behind.map((row) => row.message.key).slice(-most)).toEqual(keys.slice(0, most));
      expect(behind.length).toBeLessThanOrEqual(most + 1);
    });
  });
}

const isBefore = (one: OutboxRow, other: OutboxRow): boolean => BigInt(one.id) < BigInt(other.id);
const isOfSameKey = ({ message: one }: OutboxRow, { message: other }: OutboxRow): boolean =>
  one.topic === other.topic && one.key === other.key;
