import { describe, expect, it } from '@jest/globals';
import { murmur3, partitionOf } from './murmur3.js';

/** Computed with another implementation: mmh3 for Python. */
const VECTORS: readonly (readonly [string, number])[] = [
  ['', 0],
  ['a', 0x3c2569b2],
  ['ab', 0x9bbfd75f],
  ['abc', 0xb3dd93fa],
  ['abcd', 0x43ed676a],
  ['hello', 0x248bfa47],
  ['hello, world', 0x149bbb7f],
  ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  ['añejo', 0x6c3b926d],
  ['😀 order', 0xa5314bdf],
];

describe('murmur3', () => {
  it.each(VECTORS)('hashes %j as the reference implementation does', (text, hash) => {
    expect(murmur3(Buffer.from(text))).toBe(hash);
  });

  it('hashes bytes with the highest bit set, and a view into a larger buffer', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(murmur3(all)).toBe(0xe40a0e56);
    const larger = new Uint8Array([7, 0xff, 0xfe, 0xfd, 0xfc, 0x80, 7]);
    expect(murmur3(larger.subarray(1, 6))).toBe(0xd8f92705);
  });
});

describe('the partition of a key', () => {
  it('leaves out the sign bit, as Pulsar does', () => {
    expect(partitionOf('key-0', 8)).toBe(7);
    expect(partitionOf('key-0', 5)).toBe(3);
    expect(partitionOf('😀 order', 5)).toBe(4);
  });
});
