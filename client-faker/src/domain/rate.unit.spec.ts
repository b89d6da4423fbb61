import { describe, expect, it } from '@jest/globals';
import { formatRate, parseRate, perSecond } from './rate.js';

describe('a rate', () => {
  it.each([
    ['50/s', 50],
    ['3000/min', 50],
    ['100000/h', 100_000 / 3_600],
    ['0.5/s', 0.5],
  ])('%s is read', (text, expected) => {
    const rate = parseRate(text);
    expect(rate && perSecond(rate)).toBe(expected);
  });

  it.each(['', '50', '50/', '/s', '0/s', '-1/s', '50/d', '50 / s', '1e3/s', 'fast', '50/s '])(
    '"%s" is none',
    (text) => {
      expect(parseRate(text)).toBeUndefined();
    },
  );

  it('is shown in the unit in which it was asked for', () => {
    expect(formatRate(5_000, 100_000, { unit: 'min' })).toBe('3000/min');
    expect(formatRate(5, 2_000, { unit: 's' })).toBe('2.5/s');
    expect(formatRate(0, 0, { unit: 'h' })).toBe('0.0/h');
  });
});
