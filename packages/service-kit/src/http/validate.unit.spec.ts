import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { validate } from './validate.js';

const schema = z.strictObject({ name: z.string('must be a text'), parts: z.array(z.strictObject({ n: z.int() })) });

/** The paths and messages that are named as wrong. */
function wrong(input: unknown): [string, string][] {
  try {
    validate(schema, input, 'body');
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

  it('answers heaps of unknown fields with a list that ends', () => {
    const heaps = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, 1]));
    expect(wrong({ name: 'a', parts: [], ...heaps })).toHaveLength(50);
  });
});
