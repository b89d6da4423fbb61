import { describe, expect, it } from '@jest/globals';
import { countOf, eachOnce, firstsOf, inOrder } from './findings.js';

const expected = new Map([
  ['a', 'must'],
  ['b', 'may'],
] as const);

describe('what should be there once', () => {
  it('is fine when it is, and what nobody confirmed may be missing', () => {
    expect(eachOnce('rows', expected, ['a'])).toEqual([]);
    expect(eachOnce('rows', expected, ['b', 'a'])).toEqual([]);
  });

  it('is lost when it is missing', () => {
    expect(eachOnce('rows', expected, ['b'])).toEqual([{ kind: 'lost', text: 'rows: a is missing' }]);
  });

  it('is doubled when it is there twice, confirmed or not, or has no cause', () => {
    const found = eachOnce('rows', expected, ['a', 'a', 'b', 'b', 'c']);
    expect(countOf('doubled', found)).toBe(3);
    expect(found.at(-1)?.text).toBe('rows: c is there without a cause');
  });
});

describe('the order of a key', () => {
  const of = (account: string, ...numbers: number[]) => numbers.map((number) => ({ account, number }));

  it('may have gaps, and other keys in between', () => {
    expect(inOrder('rows', [...of('x', 1), ...of('y', 1), ...of('x', 3), ...of('y', 2)])).toEqual([]);
  });

  it('is broken by a number behind a larger or an equal one', () => {
    expect(countOf('disordered', inOrder('rows', of('x', 1, 3, 2, 3, 4)))).toBe(2);
  });
});

it('what is published again under its id counts where it was first', () => {
  const list = ['a', 'b', 'a', 'c', 'b'].map((id) => ({ id }));
  expect(firstsOf(list).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});
