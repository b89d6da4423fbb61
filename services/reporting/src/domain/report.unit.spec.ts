import { describe, expect, it } from '@jest/globals';
import { newestOfEach } from './report.js';

const part = (id: string, version: number, told = '') => ({ id, version, told });
const newest = (...parts: ReturnType<typeof part>[]) => newestOfEach(parts, ({ version }) => version);

describe('of the parts of a batch', () => {
  it('the newest version of each id counts, wherever it stands', () => {
    expect(newest(part('a', 1), part('b', 3), part('a', 2), part('b', 1))).toEqual([part('a', 2), part('b', 3)]);
  });

  it('the last counts of those with the same version, as it would if it had come in a later batch', () => {
    expect(newest(part('a', 1, 'first'), part('a', 1, 'second'))).toEqual([part('a', 1, 'second')]);
  });

  it('nothing is left when there are none', () => {
    expect(newest()).toEqual([]);
  });
});
