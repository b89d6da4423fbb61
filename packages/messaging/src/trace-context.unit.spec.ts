import { describe, expect, it } from '@jest/globals';
import { childTraceparent, traceIdOf } from './trace-context.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = `00-${traceId}-b7ad6b7169203331-01`;

describe('a traceparent', () => {
  it('has a trace id, also in a later version with more fields', () => {
    expect(traceIdOf(parent)).toBe(traceId);
    expect(traceIdOf(`cc-${traceId}-b7ad6b7169203331-01-what-the-future-brings`)).toBe(traceId);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${traceId}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    parent.toUpperCase(),
    `${parent}-more`,
    `${parent}x`,
    ` ${parent}`,
  ])('is not %p', (text) => {
    expect(traceIdOf(text)).toBeUndefined();
  });
});

describe('a child', () => {
  it('is a new span of the same trace, sampled as its parent is', () => {
    const child = childTraceparent(parent);
    expect(child).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(child).not.toBe(childTraceparent(parent));
    expect(childTraceparent(`00-${traceId}-b7ad6b7169203331-00`)).toMatch(/-00$/);
  });

  it('begins a trace where there is none', () => {
    const [one, two] = [childTraceparent(), childTraceparent('nonsense')];
    expect(traceIdOf(one)).toBeDefined();
    expect(traceIdOf(two)).toBeDefined();
    expect(traceIdOf(one)).not.toBe(traceIdOf(two));
  });
});
