import type { Transaction } from './transaction.js';

/** A call of the gateway, as the transaction is after it. */
export interface PaymentAttempt {
  readonly transaction: Transaction;
  readonly result: 'APPROVED' | 'REJECTED' | 'FAILED';
  /** What a person should know of it. */
  readonly detail: string;
}

/** Tells the other services, in the database transaction of the change. */
export interface TransactionEvents<Tx> {
  attempted(tx: Tx, attempts: readonly PaymentAttempt[]): Promise<void>;
}
