import { describe, expect, it } from '@jest/globals';
import { createOrderJudge } from './order-on-topics.js';

function disorders(...arrivals: readonly [id: string, key: string, properties: Record<string, string>][]) {
  const judge = createOrderJudge();
  for (const [id, key, properties] of arrivals)
    judge.add({ topic: 'orders', key, properties: { ce_id: id, ce_source: 'order', ...properties } });
  return judge.disorders;
}

const version = (number: number) => ({ ce_aggregateversion: String(number) });
const time = (second: number) => ({ ce_time: `2026-01-01T00:00:0${second}Z` });

describe('the order on a topic', () => {
  it('is kept where versions grow, whatever other keys and sources do, and however often a message comes', () => {
    expect(disorders(['a', '1', version(1)], ['b', '2', version(5)], ['c', '1', version(2)])).toEqual([]);
    expect(disorders(['a', '1', version(1)], ['b', '1', version(2)], ['a', '1', version(1)])).toEqual([]);
    expect(disorders(['a', '1', version(2)], ['b', '1', { ...version(1), ce_source: 'payment' }])).toEqual([]);
  });

  it('is broken by a version, or else by a time, that comes behind a later one', () => {
    expect(disorders(['a', '1', version(2)], ['b', '1', version(1)])).toEqual(['orders order 1: 1 behind 2']);
    expect(disorders(['a', '1', version(3)], ['b', '1', version(1)], ['c', '1', version(2)])).toHaveLength(2);
    expect(disorders(['a', '1', time(1)], ['b', '1', time(1)], ['c', '1', time(2)])).toEqual([]);
    expect(disorders(['a', '1', time(2)], ['b', '1', time(1)])).toHaveLength(1);
  });
});
