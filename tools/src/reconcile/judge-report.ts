import { type Column, differences } from './differences.js';
import { isFinal, newest, type OrderRow, type ReportRow, type TransactionRow } from './facts.js';
import { type Finding, finding, findingIf } from './findings.js';

/**
 * Whether there is one row of a report that says, in every column, what the services have.
 *
 * @param transaction undefined if there is none, or more than one: then there is nothing to compare with
 */
export function judgeReports(
  order: OrderRow,
  transaction: TransactionRow | undefined,
  reports: readonly ReportRow[],
): Finding[] {
  const { orderId } = order;
  const report = newest(reports, ({ orderVersion }) => orderVersion);
  if (report === undefined) return [finding('report-missing', 'Reporting has no row of it.', orderId)];
  const columns = [
    ...orderColumns(report, order),
    ...(transaction === undefined ? [] : transactionColumns(report, transaction)),
  ];
  const wrong = differences(columns);
  const count = `Reporting has ${reports.length} rows of it.`;
  return [
    ...findingIf(reports.length > 1, 'report-doubled', count, orderId),
    ...findingIf(wrong !== '', 'report-disagrees', `Its report is not what the services have: ${wrong}.`, orderId),
  ];
}

function orderColumns(report: ReportRow, order: OrderRow): Column[] {
  return [
    { name: 'client_id', is: report.clientId, shouldBe: order.clientId },
    { name: 'address', is: report.address, shouldBe: order.address },
    { name: 'currency', is: report.currency, shouldBe: order.currency },
    { name: 'status', is: report.status, shouldBe: order.status },
    { name: 'total', is: report.total, shouldBe: order.total },
    { name: 'lines', is: report.lines, shouldBe: order.lines },
    { name: 'order_version', is: report.orderVersion, shouldBe: order.version },
    { name: 'created_at', is: report.createdAt, shouldBe: order.createdAt },
    { name: 'updated_at', is: report.updatedAt, shouldBe: order.updatedAt },
  ];
}

/** Of a transaction that is pending no message has told. */
function transactionColumns(report: ReportRow, transaction: TransactionRow): Column[] {
  const told = (value: string): string | null => (isFinal(transaction.state) ? value : null);
  return [
    { name: 'transaction_id', is: report.transactionId, shouldBe: told(transaction.id) },
    { name: 'transaction_state', is: report.transactionState, shouldBe: told(transaction.state) },
    { name: 'transaction_amount', is: report.transactionAmount, shouldBe: told(transaction.amount) },
    { name: 'transaction_currency', is: report.transactionCurrency, shouldBe: told(transaction.currency) },
    { name: 'transaction_version', is: report.transactionVersion, shouldBe: told(transaction.version) },
    { name: 'processed_at', is: report.processedAt, shouldBe: told(transaction.updatedAt) },
  ];
}
