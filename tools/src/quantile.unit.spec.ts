import { describe, expect, it } from '@jest/globals';
import { quantile } from './quantile.js';

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('of 1 to 100, %d of which are not above it, is %i', (share, expected) => {
    expect(quantile(hundred, share)).toBe(expected);
  });

  it('is one of the values, and of none there is none', () => {
    expect(quantile([30, 10, 20], 0.5)).toBe(20);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBeUndefined();
  });
});
