import type { OrderPart, ReportRow, TransactionPart } from './report.js';

/** The reports, within a transaction. Ids within one call are distinct. */
export interface ReportStore<Tx> {
  /** Writes what is known of orders where that is not older than what the report has. */
  upsertOrders(tx: Tx, orders: readonly OrderPart[]): Promise<void>;
  /** Writes what is known of transactions where that is not older than what the report has. */
  upsertTransactions(tx: Tx, transactions: readonly TransactionPart[]): Promise<void>;
}

/** Which orders are asked for. */
export interface ReportFilter {
  /** Those that were created then or later. */
  readonly from?: Date | undefined;
  /** Those that were created before. */
  readonly to?: Date | undefined;
  readonly status?: OrderPart['status'] | undefined;
}

/**
 * Opens the reports of all known orders that a filter lets through, as they are at one moment, by the time of their
 * creation and then by id, some at a time. Rejects if they can't be read. Aborting the signal, whether they were read or not,
 * ends all that reading them holds.
 */
export type OpenReports = (filter: ReportFilter, signal: AbortSignal) => Promise<AsyncIterable<readonly ReportRow[]>>;
