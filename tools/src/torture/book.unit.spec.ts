import { describe, expect, it } from '@jest/globals';
import { createBook } from './book.js';

function open() {
  const clock = { ms: 0 };
  return { clock, book: createBook(() => clock.ms) };
}

describe('the book of a torture', () => {
  it('counts by the second what was accepted and finished, and what is under way', () => {
    const { clock, book } = open();
    book.accept(['a', 'b']);
    clock.ms = 2_500;
    book.accept(['c']);
    book.finish(['b']);
    expect(book.samples).toEqual([
      { accepted: 2, finished: 0, open: 2, slowest: 0 },
      { accepted: 0, finished: 0, open: 2, slowest: 0 },
      { accepted: 1, finished: 1, open: 2, slowest: 2_500 },
    ]);
    expect([book.oldest(10), book.oldest(1), book.latencies]).toEqual([['a', 'c'], ['a'], [2_500]]);
  });

  it('is through with a fault once all that was accepted until its end is finished, and a later order too', () => {
    const { clock, book } = open();
    book.accept(['before']);
    clock.ms = 1_000;
    expect(book.isThrough(500)).toBe(false);
    book.finish(['before']);
    expect(book.isThrough(500)).toBe(false);
    book.accept(['later', 'even later']);
    expect(book.isThrough(500)).toBe(false);
    book.finish(['later']);
    expect([book.isThrough(500), book.isThrough(1_000)]).toEqual([true, false]);
  });

  it('is not through while one of before is missing, however many later ones are finished', () => {
    const { clock, book } = open();
    book.accept(['lost']);
    clock.ms = 1_000;
    book.accept(['later']);
    book.finish(['later']);
    expect(book.isThrough(500)).toBe(false);
  });

  it('does not count an order twice, nor one that it does not know', () => {
    const { book } = open();
    book.accept(['a']);
    book.finish(['a', 'a', 'stranger']);
    expect(book.samples[0]).toMatchObject({ accepted: 1, finished: 1, open: 0 });
  });
});
