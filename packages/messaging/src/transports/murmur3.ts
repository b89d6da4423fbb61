/**
 * MurmurHash3, x86, 32 bits, seed 0, as an unsigned integer (https://github.com/aappleby/smhasher). Equal keys must
 * land on equal partitions on every transport, and this is Pulsar's `Murmur3_32Hash`.
 */
export function murmur3(bytes: Uint8Array): number {
  let hash = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wholeWords = bytes.length & ~3;
  for (let i = 0; i < wholeWords; i += 4) {
    hash ^= scramble(view.getUint32(i, true));
    hash = rotateLeft(hash, 13);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= wholeWords; i -= 1) tail = (tail << 8) | (bytes[i] ?? 0);
  hash ^= scramble(tail);
  return finish(hash ^ bytes.length);
}

/** The partition of a key among `partitions`, as Pulsar's clients choose it. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur3(Buffer.from(key)) & 0x7fffffff) % partitions;
}

function scramble(word: number): number {
  return Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
