import type { Incoming } from '@alpes/messaging';
import { newestOfEach, type OrderPart } from '../domain/report.js';
import type { ReportStore } from '../domain/report-store.js';

/** Takes over what events tell of orders, where it is not older than what the reports have. */
export function recordOrders<Tx>({ store }: { store: ReportStore<Tx> }) {
  return async (events: readonly Incoming<OrderPart>[], tx: Tx): Promise<void> => {
    const orders = events.map(({ value }) => value);
    await store.upsertOrders(
      tx,
      newestOfEach(orders, ({ orderVersion }) => orderVersion),
    );
  };
}
