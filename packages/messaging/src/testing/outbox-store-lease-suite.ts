import { describe, expect, it, jest } from '@jest/globals';
import { v4 as uuidv4 } from 'uuid';
import { eventually } from './eventually.js';
import type { OutboxLab } from './outbox-store-lab.js';

export function describeLease<Tx>({ store }: OutboxLab<Tx>): void {
  describe('lease', () => {
    const [one, two] = [uuidv4(), uuidv4()];

    it('belongs to one owner at a time', async () => {
      expect(await store().acquireLease(one, 10_000)).toBe(true);
      expect(await store().acquireLease(two, 10_000)).toBe(false);
    });

    it('is taken by one of many who ask at once', async () => {
      const owners = Array.from({ length: 8 }, () => uuidv4());
      const answers = await Promise.all(owners.map((owner) => store().acquireLease(owner, 10_000)));
      expect(answers.filter((acquired) => acquired)).toHaveLength(1);
    });

    it('is renewed by its owner', async () => {
      expect(await store().acquireLease(one, 150)).toBe(true);
      expect(await store().acquireLease(one, 10_000)).toBe(true);
      await expect(
        eventually(() => store().acquireLease(two, 10_000), { timeoutMs: 300, intervalMs: 50 }),
      ).rejects.toThrow('not fulfilled');
    });

    it('is free for another once it was given back', async () => {
      await store().acquireLease(one, 10_000);
      await store().releaseLease(one);
      expect(await store().acquireLease(two, 10_000)).toBe(true);
    });

    it('is lost by an owner who stands still, who then can neither renew it nor give it back', async () => {
      await store().acquireLease(one, 100);
      await eventually(() => store().acquireLease(two, 10_000));
      expect(await store().acquireLease(one, 10_000)).toBe(false);
      await store().releaseLease(one);
      expect(await store().acquireLease(one, 10_000)).toBe(false);
      expect(await store().acquireLease(two, 10_000)).toBe(true);
    });

    it('ends by the clock of the store, whatever the clock of a process says', async () => {
      await store().acquireLease(one, 10_000);
      const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
      try {
        expect(await store().acquireLease(two, 10_000)).toBe(false);
      } finally {
        clock.mockRestore();
      }
    });
  });
}
