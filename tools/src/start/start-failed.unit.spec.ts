import { describe, expect, it } from '@jest/globals';
import { summarise } from './start-failed.js';

describe('what processes say that could not start', () => {
  it('is told once when they all say the same, and all of it when not', () => {
    const said = ['order', 'saga-log'].map((name) => `${name}: the configuration is wrong:\n  LOG_LEVEL: is "loud"`);
    expect(summarise([...said, 'payment: the configuration is wrong:\n  LOG_LEVEL: is "loud"\n  RATE: is "x"'])).toBe(
      'the configuration is wrong:\n  LOG_LEVEL: is "loud"\n  RATE: is "x"',
    );
  });
});
