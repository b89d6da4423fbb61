import { parse } from 'csv-parse/sync';
import type { Line, ReportRow } from '../domain/report.js';
import type * as formats from '../formats/index.js';

/** A row as it is read back: of the lines it does not matter how their JSON is spaced. */
export type ReadRow = Omit<ReportRow, 'lines'> & { readonly lines: readonly Line[] };

export const asRead = (row: ReportRow): ReadRow => ({ ...row, lines: JSON.parse(row.lines) as Line[] });

/** Reads back what a format has written, as a table; the texts exactly as they were. */
type Reader = (written: Buffer) => ReadRow[];

/** One reader per format: a format without one does not compile. */
export const readers: Readonly<Record<keyof typeof formats, Reader>> = {
  csv: (written) =>
    parse<Record<string, string>>(written, { columns: true, bom: false }).map(
      (cells) => Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, fromCell(name, cell)])) as never,
    ),
  json: (written) => JSON.parse(written.toString()) as ReadRow[],
};

const NUMBERS = new Set(['clientId', 'total', 'orderVersion', 'transactionAmount', 'transactionVersion']);
const ESCAPED = /^'+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

function fromCell(name: string, cell: string): unknown {
  if (cell === '') return null;
  if (NUMBERS.has(name)) return Number(cell);
  const text = ESCAPED.test(cell) ? cell.slice(1) : cell;
  return name === 'lines' ? JSON.parse(text) : text;
}
