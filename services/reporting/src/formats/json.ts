import type { ReportRow } from '../domain/report.js';
import type { ReportFormat } from '../domain/report-format.js';

/** One order as an object, a table as an array with a line per row. Columns as in the CSV; times are ISO 8601. */
export const json = {
  name: 'json',
  contentType: 'application/json; charset=utf-8',
  extension: 'json',
  write: async function* (pages) {
    let separator = '[\n';
    for await (const rows of pages) {
      let text = '';
      for (const row of rows) {
        text += `${separator}${toObject(row)}`;
        separator = ',\n';
      }
      yield text;
    }
    yield separator === ',\n' ? '\n]\n' : '[]\n';
  },
  writeOne: async function* (row) {
    yield `${toObject(row)}\n`;
  },
} satisfies ReportFormat;

function toObject(row: ReportRow): string {
  return JSON.stringify({ ...row, lines: JSON.parse(row.lines) as unknown });
}
