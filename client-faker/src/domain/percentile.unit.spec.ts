import { describe, expect, it } from '@jest/globals';
import { percentile } from './percentile.js';

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0, 1],
    [50, 50],
    [95, 95],
    [99, 99],
    [100, 100],
  ])('the %ith of 1 to 100 is %i', (percent, expected) => {
    expect(percentile(hundred, percent)).toBe(expected);
  });

  it('of one value is that value', () => {
    expect([50, 95, 99].map((percent) => percentile([7], percent))).toEqual([7, 7, 7]);
  });

  it('of few values is one of them', () => {
    expect(percentile([10, 20, 30], 50)).toBe(20);
    expect(percentile([10, 20, 30], 99)).toBe(30);
  });

  it('of nothing does not exist', () => {
    expect(percentile([], 50)).toBeUndefined();
  });
});
