import { stringify } from 'csv-stringify/sync';
import type { ReportRow } from '../domain/report.js';
import type { ReportFormat } from '../domain/report-format.js';

const COLUMNS = [
  ...(['id', 'clientId', 'address', 'currency', 'status', 'total', 'lines', 'orderVersion', 'createdAt'] as const),
  ...(['updatedAt', 'transactionId', 'transactionState', 'transactionAmount', 'transactionCurrency'] as const),
  ...(['transactionVersion', 'processedAt'] as const),
] satisfies readonly (keyof ReportRow)[];

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe in front (`escape_formulas`): then it is a text.
 * So that this can be undone, a text that looks as if it had been given one gets one, too: whoever reads the file takes
 * one apostrophe away where one or more stand before a formula character, and has every text as it was. Numbers, negative
 * ones included, are left alone: no spreadsheet runs them, and none must become a text.
 */
const LOOKS_ESCAPED = /^'+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

const OPTIONS = {
  escape_formulas: true,
  cast: {
    string: (text: string) => (LOOKS_ESCAPED.test(text) ? `'${text}` : text),
    number: (number: number) => ({ value: String(number), escape_formulas: false }),
  },
};

/** RFC 4180, but with line feeds, and a header: amounts in minor units, times in ISO 8601, the lines as JSON, nulls empty. */
export const csv: ReportFormat = {
  name: 'csv',
  contentType: 'text/csv; charset=utf-8',
  extension: 'csv',
  write: async function* (rows) {
    yield stringify([[...COLUMNS]], OPTIONS);
    for await (const row of rows) yield stringify([COLUMNS.map((column) => toCell(row[column]))], OPTIONS);
  },
};

function toCell(value: ReportRow[keyof ReportRow]): string | number | null {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
