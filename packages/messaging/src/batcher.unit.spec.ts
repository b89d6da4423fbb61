import { describe, expect, it } from '@jest/globals';
import { createBatcher } from './batcher.js';
import { eventually } from './testing/eventually.js';

/** Work that ends when it is told to, with the squares of its items or an error. */
function slowWork() {
  const batches: number[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  return {
    batches,
    end: async (error?: Error) => (await eventually(() => ends.shift(), { what: 'a batch under way' }))(error),
    work: (items: readonly number[]) => {
      batches.push([...items]);
      return new Promise<number[]>((resolve, reject) => {
        ends.push((error) => (error === undefined ? resolve(items.map((item) => item * item)) : reject(error)));
      });
    },
  };
}

describe('a batcher', () => {
  it('does the first at once, and all that came meanwhile together: each caller gets what is his', async () => {
    const { batches, work, end } = slowWork();
    const batcher = createBatcher(work, (waiting) => Math.min(waiting.length, 3));
    const results = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
    for (let batch = 0; batch < 3; batch += 1) await end();
    expect(await Promise.all(results)).toEqual([1, 4, 9, 16, 25]);
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('fails those of a batch that fails, and goes on with the next', async () => {
    const { work, end } = slowWork();
    const batcher = createBatcher(work, (waiting) => waiting.length);
    const first = batcher.add(1);
    const others = [batcher.add(2), batcher.add(3)];
    const failing = Promise.allSettled([first, ...others]);
    await end();
    await end(new Error('no'));
    expect((await failing).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    const later = batcher.add(4);
    await end();
    expect(await later).toBe(16);
  });

  it('forgets one that nobody waits for any more, unless it is under way', async () => {
    const { batches, work, end } = slowWork();
    const batcher = createBatcher(work, (waiting) => waiting.length);
    const gone = new AbortController();
    const underWay = batcher.add(1, gone.signal);
    const waiting = batcher.add(2, gone.signal);
    const other = batcher.add(3);
    gone.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    await expect(batcher.add(4, gone.signal)).rejects.toThrow('too late');
    await end();
    await end();
    expect(await Promise.all([underWay, other])).toEqual([1, 9]);
    expect(batches).toEqual([[1], [3]]);
  });
});
