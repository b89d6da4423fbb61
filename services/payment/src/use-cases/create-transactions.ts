import type { Incoming } from '@alpes/messaging';
import { newTransaction, type OrderToPay } from '../domain/transaction.js';
import type { TransactionStore } from '../domain/transaction-store.js';

interface Parts<Tx> {
  readonly store: TransactionStore<Tx>;
  /** The id of an order's transaction: always the same, for the gateway takes it for the key of one charge. */
  readonly idOf: (orderId: string) => string;
  readonly clock: () => Date;
}

/** Notes what new orders owe. The gateway is asked later: it must not hold up the messages behind this one. */
export function createTransactions<Tx>({ store, idOf, clock }: Parts<Tx>) {
  return (orders: readonly Incoming<OrderToPay>[], tx: Tx): Promise<void> => {
    const now = clock();
    return store.insert(
      tx,
      orders.map(({ value, envelope }) => newTransaction(value, idOf(value.orderId), envelope, now)),
    );
  };
}
