import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '../../errors.js';
import { threeTries } from './three-tries.js';

/** Fails so many times, and counts the calls. */
function failing(times: number, error: AlpesError) {
  const work = async (): Promise<string> => {
    work.calls += 1;
    if (work.calls <= times) throw error;
    return 'done';
  };
  work.calls = 0;
  return work;
}

describe('three tries', () => {
  const away = new AlpesError('unavailable', 'no answer');

  it('do again what got no answer', async () => {
    expect(await threeTries(failing(2, away))).toBe('done');
  });

  it('are not four', async () => {
    const work = failing(3, away);
    await expect(threeTries(work)).rejects.toBe(away);
    expect(work.calls).toBe(3);
  });

  it('are three where the answer is no too: a namespace is not empty while somebody comes back', async () => {
    const refusal = new AlpesError('configuration', 'no');
    const work = failing(2, refusal);
    expect(await threeTries(work)).toBe('done');
    expect(work.calls).toBe(3);
  });
});
