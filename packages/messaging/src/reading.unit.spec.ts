import { describe, expect, it } from '@jest/globals';
import { readingOf, sharedReading } from './reading.js';

describe('a reading', () => {
  it('is undefined if it fails, or takes too long', async () => {
    expect(await readingOf(async () => 3)).toBe(3);
    expect(await readingOf(() => Promise.reject(new Error('the database is gone')))).toBeUndefined();
    expect(await readingOf(() => new Promise(() => {}))).toBeUndefined();
  });

  it('is done once for all who ask at the same time, and again for who asks later', async () => {
    let count = 0;
    const shared = sharedReading(async () => (count += 1));
    expect(await Promise.all([shared(), shared()])).toEqual([1, 1]);
    expect(await shared()).toBe(2);
  });
});
