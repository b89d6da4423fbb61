import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { type Cells, rowsOfCopy } from './copy-text.js';

/** As PostgreSQL writes it: the rows of `READ`. */
const WRITTEN = Buffer.from(
  String.raw`a${'\t'}\N${'\t'}` + '\n' + String.raw`\b\f\n\r\t\v\\${'\t'}\\N${'\t'}C:\\new\\\N` + '\nñ€🏔️\t"\'\t,\n',
);
const READ: Cells[] = [
  ['a', null, ''],
  ['\b\f\n\r\t\v\\', '\\N', 'C:\\new\\N'],
  ['ñ€🏔️', '"\'', ','],
];

async function pagesOf(...chunks: Buffer[]): Promise<(readonly Cells[])[]> {
  const pages: (readonly Cells[])[] = [];
  for await (const rows of rowsOfCopy(Readable.from(chunks, { objectMode: false }))) pages.push(rows);
  return pages;
}

describe('what COPY writes', () => {
  it('is read as it was, nulls and texts that look like one included', async () => {
    expect((await pagesOf(WRITTEN)).flat()).toEqual(READ);
  });

  it('is read as it was wherever it is cut, within a character of several bytes and behind a backslash too', async () => {
    for (let at = 1; at < WRITTEN.length; at += 1) {
      expect((await pagesOf(WRITTEN.subarray(0, at), WRITTEN.subarray(at))).flat()).toEqual(READ);
    }
    const bytes = Array.from(WRITTEN, (_, index) => WRITTEN.subarray(index, index + 1));
    expect((await pagesOf(...bytes)).flat()).toEqual(READ);
  });

  it('comes in pages, none of which is empty', async () => {
    expect(await pagesOf()).toEqual([]);
    const pages = await pagesOf(...Array.from({ length: 100 }, () => WRITTEN));
    expect(pages.flat()).toHaveLength(300);
    expect(pages.every((rows) => rows.length > 0)).toBe(true);
  });
});
