import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('returns the first truthy value', async () => {
    let asked = 0;
    await expect(eventually(() => (asked += 1) === 3 && 'done', { intervalMs: 1 })).resolves.toBe('done');
    expect(asked).toBe(3);
  });

  it('takes an assertion that fails for a condition that is not fulfilled yet', async () => {
    let asked = 0;
    const condition = () => {
      expect((asked += 1)).toBe(2);
      return true;
    };
    await expect(eventually(condition, { intervalMs: 1 })).resolves.toBe(true);
  });

  it('says after its deadline what it waited for and what it saw last', async () => {
    const failing = eventually(() => 0, { timeoutMs: 5, intervalMs: 1, what: 'the moon' });
    await expect(failing).rejects.toThrow('not fulfilled within 5 ms: the moon\nin the end it gave 0');
    const throwing = eventually(() => Promise.reject(new Error('eclipse')), { timeoutMs: 5, intervalMs: 1 });
    await expect(throwing).rejects.toThrow('in the end it threw Error: eclipse');
  });
});
