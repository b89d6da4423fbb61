import { describe, expect, it } from '@jest/globals';
import { reasonOf, retryAfterMs } from './bff-client.js';

const now = Date.parse('2026-11-21T10:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['3', 3_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 10:00:05 GMT', 5_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    [null, undefined],
  ])('%s is read', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('the reason of a failure', () => {
  it('is what lies behind "fetch failed"', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(reasonOf(new TypeError('fetch failed', { cause }))).toBe('no connection (ECONNREFUSED)');
    expect(reasonOf(new DOMException('x', 'TimeoutError'))).toBe('no answer within 15 s');
    expect(reasonOf(new Error('bad'))).toBe('bad');
  });
});
