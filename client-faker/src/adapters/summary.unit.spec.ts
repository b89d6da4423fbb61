import { describe, expect, it } from '@jest/globals';
import { count, createTally } from '../domain/tally.js';
import { formatSummary } from './summary.js';

describe('the summary of a run', () => {
  it('says what became of the orders', () => {
    const tally = createTally();
    for (const [index, latencyMs] of [3.24, 5, 41].entries()) {
      count(tally, { kind: 'accepted', id: `${index}`, repeats: index }, { latencyMs, elapsedMs: 50 });
    }
    for (const reason of ['400 a', '400 a', 'gave up']) {
      count(tally, { kind: 'failed', reason, repeats: 0 }, { latencyMs: 1, elapsedMs: 100 });
    }
    const states = new Map([...[['APPROVED', 2] as const], ['not readable (503)', 1]]);
    expect(formatSummary({ tally, rate: { count: 60, unit: 's' }, states })).toBe(
      [
        'accepted      3',
        'failed        3',
        '              2 × 400 a',
        '              1 × gave up',
        'repeated      3',
        'rate          60/s of 60/s',
        'latency       p50 5.0 ms  p95 41 ms  p99 41 ms',
        'states        APPROVED 2  REJECTED 0  PENDING 0  not readable (503) 1',
        '',
      ].join('\n'),
    );
  });

  it('of a run that was interrupted at once has no figures', () => {
    const text = formatSummary({ tally: createTally(), rate: { count: 1, unit: 'h' }, states: undefined });
    expect(text).toContain('p50 –');
    expect(text).toContain('not looked at');
  });
});
