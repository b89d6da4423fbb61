import { describe, expect, it } from '@jest/globals';
import type { TryNote } from '../subject/protocol.js';
import { addUp, NO_TRIES, type Tries } from './tries.js';

type Told = readonly [by: string, what: TryNote['what'], attempts?: number];

const sum = (...told: readonly Told[]): Tries | undefined =>
  addUp(told.map(([by, what, attempts]) => ({ by, id: 'm', what, ...(attempts !== undefined && { attempts }) }))).get(
    'm',
  );

const count = (by: string, attempts: number): Told[] => [
  [by, 'counting'],
  [by, 'counted', attempts],
];

describe('the notes of the tries', () => {
  it('say how many were counted and came to be', () => {
    expect(sum(...count('a', 1), ['a', 'tried'], ...count('b', 2), ['b', 'tried'])).toEqual({
      ...{ ...NO_TRIES, tried: 2, counted: 2, highest: 2 },
    });
  });

  it('say which a process did not live to come to, or not even to be told of', () => {
    expect(sum(...count('a', 1), ...count('b', 2), ['b', 'tried'])).toMatchObject({ tried: 1, unreached: 1, idle: 0 });
    expect(sum(['a', 'counting'], ...count('b', 1), ['b', 'tried'])).toMatchObject({ tried: 1, unreached: 1, idle: 0 });
  });

  it('say which a process that lived on counted for nothing', () => {
    expect(sum(...count('a', 1), ...count('a', 2), ['a', 'tried'])).toMatchObject({ tried: 1, unreached: 0, idle: 1 });
  });

  it('leave out those that were taken back, and those for which no try was left', () => {
    expect(sum(...count('a', 1), ['a', 'uncounted'])).toMatchObject({ unreached: 0, idle: 0, counted: 1 });
    expect(sum(['a', 'counting'], ['a', 'spent', 3])).toMatchObject({ unreached: 0, idle: 0, highest: 3 });
  });

  it('know that a count which could not be taken back holds for the next try, or for none', () => {
    expect(sum(...count('a', 1), ['a', 'kept'], ['a', 'tried'])).toMatchObject({ tried: 1, unreached: 0, idle: 0 });
    expect(sum(...count('a', 1), ['a', 'kept'], ...count('a', 2))).toMatchObject({ tried: 0, unreached: 2, idle: 0 });
  });
});
