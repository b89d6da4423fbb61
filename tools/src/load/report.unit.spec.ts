import { describe, expect, it } from '@jest/globals';
import { brokenLimits, table } from './report.js';
import type { Summary } from './summary.js';

const count = (value: number, thresholds: Record<string, { ok: boolean }> = {}) => ({
  values: { count: value, rate: value / 60 },
  thresholds,
});
const trend = (samples: number, med: number, p99: number, thresholds: Record<string, { ok: boolean }> = {}) => ({
  values: { count: samples, med, 'p(99)': p99, max: 2 * p99 },
  thresholds,
});

const summary: Summary = {
  phases: [
    { name: 'before', rate: 1_000, seconds: 20 },
    { name: 'spike', rate: 10_000, seconds: 10 },
  ],
  metrics: {
    'accept{scenario:before}': trend(333, 4, 9.128, { 'p(99)<=15': { ok: true } }),
    'finished{scenario:before}': trend(84, 40, 65),
    'accepted{scenario:before}': count(333),
    'accept{scenario:spike}': trend(1_600, 8, 40.25, { 'p(99)<=15': { ok: false } }),
    'finished{scenario:spike}': trend(0, 0, 0),
    'accepted{scenario:spike}': count(1_600),
    'refused{scenario:spike}': count(66),
    'dropped_iterations{scenario:spike}': count(1),
    dropped_iterations: count(1, { 'count==0': { ok: false } }),
    refused: count(0, { 'count>0': { ok: false } }),
    errors: count(0, { 'count==0': { ok: true } }),
  },
};

describe('the report of a load', () => {
  it('has a line for each phase, in their order', () => {
    expect(table(summary)).toBe(`\
phase   orders/min  accepted  refused  errors  not sent  accept p50   p99  finished p50   p99  sampled
before       1,000       333        0       0         0         4.0   9.1          40.0  65.0       84
spike       10,000     1,600       66       0         1         8.0  40.3             –     –        0`);
  });

  it('says of each limit that was not kept what it is and what it should be', () => {
    expect(brokenLimits(summary)).toEqual([
      'ms until an order is accepted, p99, spike: 40.25, and has to be at most 15',
      'orders not sent: 1, and has to be 0',
      'orders refused: 0, and has to be more than 0',
    ]);
  });
});
