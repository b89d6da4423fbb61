import { parse } from 'csv-parse/sync';
import type { ReportRow } from '../domain/report.js';
import type * as formats from '../formats/index.js';

/** Reads back what a format has written, as a table; the texts exactly as they were. */
type Reader = (written: Buffer) => ReportRow[];

/** One reader per format: a format without one does not compile. */
export const readers: Readonly<Record<keyof typeof formats, Reader>> = {
  csv: (written) =>
    parse<Record<string, string>>(written, { columns: true, bom: false }).map(
      (cells) => Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, fromCell(name, cell)])) as never,
    ),
  json: (written) => JSON.parse(written.toString(), reviveTime) as ReportRow[],
};

const NUMBERS = new Set(['clientId', 'total', 'orderVersion', 'transactionAmount', 'transactionVersion']);
const TIMES = new Set(['createdAt', 'updatedAt', 'processedAt']);
const ESCAPED = /^'+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

function fromCell(name: string, cell: string): unknown {
  if (cell === '') return null;
  if (NUMBERS.has(name)) return Number(cell);
  if (TIMES.has(name)) return new Date(cell);
  const text = ESCAPED.test(cell) ? cell.slice(1) : cell;
  return name === 'lines' ? JSON.parse(text) : text;
}

function reviveTime(name: string, value: unknown): unknown {
  return TIMES.has(name) && typeof value === 'string' ? new Date(value) : value;
}
