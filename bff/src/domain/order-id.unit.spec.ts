import { describe, expect, it } from '@jest/globals';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { isRecent } from './order-id.js';

const now = new Date('2026-11-21T10:00:00Z');
const idOf = (ageMs: number) => uuidv7({ msecs: now.getTime() - ageMs });

describe('an order id', () => {
  it.each([
    ['of this moment', idOf(0), true],
    ['of half a minute ago', idOf(29_999), true],
    ['of a clock that is a bit ahead', idOf(-5_000), true],
    ['of longer ago', idOf(30_000), false],
    ['of the far future', idOf(-60_000), false],
    ['of another version', uuidv4(), false],
  ])('%s is recent or not', (_what, id, expected) => {
    expect(isRecent(id, now)).toBe(expected);
  });
});
