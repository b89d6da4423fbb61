import type { OrderPart, TransactionPart } from './report.js';

/** The reports, within a transaction. Ids within one call are distinct. */
export interface ReportStore<Tx> {
  /** Writes what is known of orders where that is not older than what the report has. */
  upsertOrders(tx: Tx, orders: readonly OrderPart[]): Promise<void>;
  /** Writes what is known of transactions where that is not older than what the report has. */
  upsertTransactions(tx: Tx, transactions: readonly TransactionPart[]): Promise<void>;
}
