import type { ReportRow } from '../domain/report.js';
import type { Cells } from './copy-text.js';

interface Column<Value> {
  /** Its text, or null. */
  readonly sql: string;
  /** Makes the value of the text. */
  readonly read: (text: string) => Value;
}

const text = (name: string): Column<never> => ({ sql: `r.${name}::text`, read: (cell) => cell as never });
const number = (name: string): Column<number> => ({ sql: `r.${name}::text`, read: Number });
const time = (name: string): Column<string> => ({
  sql: `to_char(r.${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  read: (cell) => cell,
});

/** How a row of a report comes out of table `order_reports AS r`. */
const columns: { readonly [Name in keyof ReportRow]: Column<ReportRow[Name]> } = {
  id: text('id'),
  clientId: number('client_id'),
  address: text('address'),
  currency: text('currency'),
  status: text('status'),
  total: number('total'),
  lines: text('lines'),
  orderVersion: number('order_version'),
  createdAt: time('created_at'),
  updatedAt: time('updated_at'),
  transactionId: text('transaction_id'),
  transactionState: text('transaction_state'),
  transactionAmount: number('transaction_amount'),
  transactionCurrency: text('transaction_currency'),
  transactionVersion: number('transaction_version'),
  processedAt: time('processed_at'),
};
const entries = Object.entries(columns);

/** What `toRow` needs of a row. */
export const SELECTED = entries.map(([, { sql }]) => sql).join(', ');

/** Makes a row of the texts of what was selected. The columns of the order are all there when one of them is. */
export function toRow(cells: Cells): ReportRow {
  const row: Record<string, unknown> = {};
  for (const [index, [name, { read }]] of entries.entries()) {
    const cell = cells[index] ?? null;
    row[name] = cell === null ? null : read(cell);
  }
  return row as unknown as ReportRow;
}
