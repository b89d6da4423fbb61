import type { ReportFormat } from '../domain/report-format.js';

/** One order as an object, a table as an array with a line per row. Columns as in the CSV; times are ISO 8601. */
export const json = {
  name: 'json',
  contentType: 'application/json; charset=utf-8',
  extension: 'json',
  write: async function* (rows) {
    let separator = '[\n';
    for await (const row of rows) {
      yield `${separator}${JSON.stringify(row)}`;
      separator = ',\n';
    }
    yield separator === ',\n' ? '\n]\n' : '[]\n';
  },
  writeOne: async function* (row) {
    yield `${JSON.stringify(row)}\n`;
  },
} satisfies ReportFormat;
