import { describe, expect, it } from '@jest/globals';
import { foreignText } from './foreign-text.js';

/** What the work throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

const called = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('the text of an error of others', () => {
  it.each<[string, unknown]>([
    ['a parser of JSON', thrownBy(() => JSON.parse('canary'))],
    ['BigInt, of a text', thrownBy(() => BigInt('canary'))],
    ['BigInt, of a number', thrownBy(() => BigInt(4711.5))],
    ['fetch, of a URL with a password', thrownBy(() => new Request('http://user:canary@host/'))],
    ['an assertion', new Error('expected "a "b" canary" to be a number')],
    ['an assertion in single quotes', new TypeError("The value 'canary', isn't one of 'a', 'b'")],
    ['a text', 'canary'],
    ['an object', { address: 'canary' }],
    [
      'one that ends within the call',
      called('PrismaClientValidationError', 'Invalid `create()`:\n\n{ a: "canary" }\n\nBad'),
    ],
    ['Prisma, of a value', called('PrismaClientKnownRequestError', 'Invalid\n\n\nInconsistent: "canary" of `id`')],
    ['several at once', new AggregateError([new Error('no "canary"'), new Error('neither')])],
  ])('has nothing of what it was given, thrown by %s', (_, thrown) => {
    expect(foreignText(thrown)).not.toMatch(/canary|4711/);
  });

  it.each<[unknown, string]>([
    [new Error('Connection terminated unexpectedly'), 'Connection terminated unexpectedly'],
    [new TypeError("can't read what isn't there"), "can't read what isn't there"],
    [new Error('connect to ws://user:x@host:1 failed'), 'connect to ws://…@host:1 failed'],
    [
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { syscall: 'connect' }),
      'connect ECONNREFUSED 127.0.0.1:1',
    ],
    [new AggregateError([new Error('::1 refuses'), new Error('127.0.0.1 refuses')]), '::1 refuses; 127.0.0.1 refuses'],
    [called('PrismaClientKnownRequestError', '\nInvalid `x`:\n\n\nUnique failed on (`id`)'), 'Unique failed on (`id`)'],
  ])('has what helps: %s', (thrown, text) => {
    expect(foreignText(thrown)).toBe(text);
  });
});
