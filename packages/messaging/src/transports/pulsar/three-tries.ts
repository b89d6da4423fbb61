import { AlpesError } from '../../errors.js';

const TRIES = 3;

/** Does again what is safe to repeat and got no answer: a broker that is at something may answer later than anybody waits. */
export async function threeTries<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await work();
    } catch (thrown) {
      if (left === 0 || AlpesError.from(thrown).code !== 'unavailable') throw thrown;
    }
  }
}
