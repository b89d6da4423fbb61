import { describe, expect, it } from '@jest/globals';
import { cutOf } from './extents.js';

const createdAt = new Date('2026-11-01T00:00:00Z');
const minutesLater = (minutes: number): Date => new Date(createdAt.getTime() + minutes * 60_000);
const keeping = (minutes: number, megabytes: number) => async () => ({
  ...{ retentionTimeInMinutes: minutes, retentionSizeInMB: megabytes },
});

describe('of a broker that numbers messages', () => {
  it.each([
    [0n, undefined],
    [7n, 'its first 7 messages are gone'],
  ])('the number says that %s are gone, and nobody asks for the retention', async (gone, cut) => {
    const refused = async () => Promise.reject(new Error('only an administrator may know'));
    expect(await cutOf({ createdAt, gone }, refused, minutesLater(1_000))).toBe(cut);
  });
});

describe('of a broker that does not', () => {
  const beginning = { createdAt, gone: undefined };

  it('nothing is gone where all is kept for ever', async () => {
    expect(await cutOf(beginning, keeping(-1, -1), minutesLater(1_000_000))).toBeUndefined();
  });

  it('nothing is gone of a partition that is younger than what is kept', async () => {
    expect(await cutOf(beginning, keeping(10, -1), minutesLater(9))).toBeUndefined();
    expect(await cutOf(beginning, keeping(10, -1), minutesLater(10))).toContain(
      'may be gone: the broker keeps 10 minutes of',
    );
  });

  it('anything may be gone where the size is limited, or nothing is kept', async () => {
    expect(await cutOf(beginning, keeping(-1, 5), minutesLater(1))).toContain('keeps 5 MB of');
    expect(await cutOf(beginning, keeping(10, 5), minutesLater(1))).toContain('keeps 10 minutes and 5 MB of');
    expect(await cutOf(beginning, keeping(0, 0), minutesLater(0))).toContain('may be gone');
  });
});
