import type { Incoming } from '@alpes/messaging';
import { newestOfEach, type TransactionPart } from '../domain/report.js';
import type { ReportStore } from '../domain/report-store.js';

/** Takes over what events tell of transactions, where it is not older than what the reports have. */
export function recordTransactions<Tx>({ store }: { store: ReportStore<Tx> }) {
  return async (events: readonly Incoming<TransactionPart>[], tx: Tx): Promise<void> => {
    const transactions = events.map(({ value }) => value);
    await store.upsertTransactions(
      tx,
      newestOfEach(transactions, ({ transactionVersion }) => transactionVersion),
    );
  };
}
