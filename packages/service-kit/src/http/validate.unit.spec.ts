import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { validate } from './validate.js';

const schema = z.strictObject({ name: z.string('must be a text'), parts: z.array(z.strictObject({ n: z.int() })) });

/** The paths and messages that are named as wrong. */
function wrong(input: unknown, by: z.ZodType = schema): [string, string][] {
  try {
    validate(by, input, 'body');
    return [];
  } catch (thrown) {
    const { details } = thrown as { details: { path: string; message: string }[] };
    return details.map(({ path, message }) => [path, message]);
  }
}

describe('validation', () => {
  it('gives back what is right', () => {
    expect(validate(schema, { name: 'a', parts: [] }, 'body')).toEqual({ name: 'a', parts: [] });
  });

  it('names each part that is wrong, an unknown field by its own path', () => {
    const input = { name: 1, parts: [{ n: 1 }, { n: 'x', m: 1 }], extra: true };
    expect(wrong(input).map(([path]) => path)).toEqual(['body.name', 'body.parts.1.n', 'body.parts.1.m', 'body.extra']);
    expect(wrong(input)).toContainEqual(['body.extra', 'is not known here']);
  });

  it('names a part once, however many rules it breaks', () => {
    const small = z.object({ n: z.int('must be an integer').max(10, 'must be 10 at most') });
    expect(wrong({ n: 1e300 }, small)).toEqual([['body.n', 'must be an integer']]);
    expect(wrong({ n: 11 }, small)).toEqual([['body.n', 'must be 10 at most']]);
  });

  it('answers heaps of unknown fields with a list that ends', () => {
    const heaps = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, 1]));
    expect(wrong({ name: 'a', parts: [], ...heaps })).toHaveLength(50);
  });
});
