import { describe, expect, it } from '@jest/globals';
import { growthFindings, growthOf } from './findings.js';
import type { Table } from './tables.js';

const MB = 2 ** 20;
const memory = (name: string, ...samples: number[]) => ({ name, samples });
const table = (name: string, rows: number, bytes: number): Table => ({ name, rows, bytes });

describe('what grows in a soak', () => {
  it('is memory by the medians of the first and of the last tenth, so that one peak is nothing', () => {
    const steady = Array.from({ length: 100 }, (_, index) => 100 * MB + (index % 7) * MB);
    expect(growthOf(memory('bff', ...steady.with(95, 900 * MB)))).toBeLessThan(0.05);
    expect(growthOf(memory('bff', ...steady.map((bytes, index) => bytes + index * MB)))).toBeGreaterThan(0.5);
  });

  it('is told of each process whose memory has grown by more than 5 %', () => {
    const memories = [memory('order', 100, 104), memory('payment', 100, 106), memory('bff', 100, 60)];
    expect(growthFindings(memories, [], [])).toEqual(['the memory of payment has grown by 6.0 %']);
  });

  it('is no finding of a table that has a row for each order', () => {
    const [warm, end] = [[table('order public.orders', 100, MB)], [table('order public.orders', 9_000, 90 * MB)]];
    expect(growthFindings([], warm, end)).toEqual([]);
  });

  it('is told of a table that should be empty again and again, by its rows and by its bytes', () => {
    const warm = [table('order messaging.outbox', 3, MB), table('payment messaging.outbox', 3, MB)];
    const end = [table('order messaging.outbox', 800, MB), table('payment messaging.outbox', 3, 8 * MB)];
    expect(growthFindings([], warm, end)).toEqual([
      'the table order messaging.outbox has 800 rows in the end',
      `the table payment messaging.outbox has grown from ${MB} to ${8 * MB} bytes`,
    ]);
  });
});
