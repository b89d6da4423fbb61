import { describe, expect, it } from '@jest/globals';
import { virtualTime } from '../testing/virtual-time.js';
import { awaitFinalStates } from './await-final-states.js';

/** Orders whose states come with the rounds; the last one stays. */
function createWorld(answers: Record<string, string[]>) {
  const time = virtualTime();
  const asked: string[] = [];
  let under = 0;
  let most = 0;
  const bff = {
    readStatus: async (id: string) => {
      asked.push(id);
      most = Math.max(most, (under += 1));
      await Promise.resolve();
      under -= 1;
      const left = answers[id] ?? [];
      return (left.length > 1 ? left.shift() : left[0]) ?? 'PENDING';
    },
  };
  const signal = new AbortController().signal;
  const wait = awaitFinalStates({ bff, time, signal, concurrency: 3, onProgress: () => {} });
  return { wait, asked, time, most: () => most };
}

describe('waiting for final states', () => {
  it('asks again for what is not final, and not for what is', async () => {
    const { wait, asked } = createWorld({ a: ['APPROVED'], b: ['PENDING', 'not readable (503)', 'REJECTED'] });
    expect(await wait(['a', 'b'], 60_000)).toEqual(new Map([...[['APPROVED', 1] as const], ['REJECTED', 1]]));
    expect(asked).toEqual(['a', 'b', 'b', 'b']);
  });

  it('ends when its time is over', async () => {
    const { wait, time } = createWorld({ a: ['APPROVED'], b: ['PENDING'] });
    expect(await wait(['a', 'b'], 10_000)).toEqual(new Map([...[['APPROVED', 1] as const], ['PENDING', 1]]));
    expect(time.now()).toBe(10_000);
  });

  it('asks for a few at a time', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    const { wait, most } = createWorld(Object.fromEntries(ids.map((id) => [id, ['APPROVED']])));
    expect(await wait(ids, 1_000)).toEqual(new Map([['APPROVED', 20]]));
    expect(most()).toBe(3);
  });
});
