import { expect, it } from '@jest/globals';
import { createMutex } from './mutex.js';

it('a mutex does one piece of work at a time, in their order, also after one that failed', async () => {
  const oneAtATime = createMutex();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    oneAtATime(async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('one'), work('two', true), work('three')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(log).toEqual(['one', 'two', 'three'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});
