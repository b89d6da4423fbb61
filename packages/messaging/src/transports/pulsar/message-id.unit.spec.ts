import { describe, expect, it } from '@jest/globals';
import { AlpesError } from '../../errors.js';
import {
  compareMessageIds,
  decodeMessageId,
  encodeMessageId,
  formatPosition,
  loneMessageId,
  parsePosition,
} from './message-id.js';

/** As the broker wrote them: alone in its entry; the third of a batch of five. */
const ALONE = {
  bytes: Buffer.from('CBcQABgEMAA=', 'base64'),
  id: { partition: 4, ledger: 23n, entry: 0n, batch: undefined },
};
const BATCHED = {
  bytes: Buffer.from('CBcQABgEIAIwBQ==', 'base64'),
  id: { partition: 4, ledger: 23n, entry: 0n, batch: 2 },
};

describe('a message id of Pulsar', () => {
  it('is read as clients write it', () => {
    for (const { bytes, id } of [ALONE, BATCHED]) expect(decodeMessageId(bytes)).toEqual(id);
  });

  it('is written so that it can be read again, whatever the size of its numbers, and before the first entry', () => {
    for (const ledger of [0n, 127n, 128n, 2n ** 62n]) {
      for (const entry of [-1n, 0n, 300n]) {
        const id = { partition: 130, ledger, entry, batch: undefined };
        expect(decodeMessageId(encodeMessageId(id))).toEqual(id);
      }
    }
    expect(decodeMessageId(encodeMessageId(BATCHED.id))).toEqual(BATCHED.id);
  });

  it('is a position and back', () => {
    expect(formatPosition(ALONE.id)).toBe('4:23:0');
    expect(formatPosition(BATCHED.id)).toBe('4:23:0:2');
    for (const { id } of [ALONE, BATCHED]) expect(parsePosition(formatPosition(id))).toEqual(id);
  });

  it('is refused if it is cut off, and so is a position of another transport', () => {
    const codeOf = (work: () => unknown): string => {
      try {
        work();
      } catch (error) {
        return AlpesError.from(error).code;
      }
      return 'accepted';
    };
    expect(codeOf(() => decodeMessageId(Buffer.from([8, 128])))).toBe('undecodable');
    expect(codeOf(() => parsePosition('3:141'))).toBe('invalid-input');
  });

  it('comes after those of older ledgers, entries and places in the batch', () => {
    const positions = ['0:9:8', '0:10:1', '0:10:2:0', '0:10:2:1', '0:10:11'];
    const sorted = positions.toReversed().toSorted((one, other) => {
      return compareMessageIds(parsePosition(one), parsePosition(other));
    });
    expect(sorted).toEqual(positions);
  });
});

describe('a message that its consumer does not hold', () => {
  it('is acknowledged by its id, unless it is one of a batch, of which others may not be handled', () => {
    expect(loneMessageId('3:141:59')).toMatchObject({ partition: 3, ledger: 141n, entry: 59n });
    expect(loneMessageId('3:141:59:2')).toBeUndefined();
  });
});
