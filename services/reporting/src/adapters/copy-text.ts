import type { Readable } from 'node:stream';

/** A row: a text for each column, or null. */
export type Cells = readonly (string | null)[];

/** Reads what `COPY … TO STDOUT` writes (https://www.postgresql.org/docs/18/sql-copy.html, "Text Format"): the rows that come at once. */
export async function* rowsOfCopy(bytes: Readable): AsyncGenerator<readonly Cells[]> {
  let rest = '';
  for await (const text of bytes.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map(toCells);
  }
}

function toCells(line: string): Cells {
  const cells = line.split('\t');
  return line.includes('\\') ? cells.map(toCell) : cells;
}

function toCell(text: string): string | null {
  if (!text.includes('\\')) return text;
  return text === '\\N' ? null : text.replace(/\\(.)/g, (_, letter: string) => CONTROLS[letter] ?? letter);
}

/** What has a letter of its own; whatever else stands behind a backslash is itself. */
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
