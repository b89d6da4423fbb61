import type { Outbox, SubscriptionDefinition } from '@alpes/messaging';
import { chargeIdOf } from '../../../../services/payment/src/adapters/charge-id.js';
import { onOrdenCreada } from '../../../../services/payment/src/adapters/subscriptions.js';
import { transactionEvents } from '../../../../services/payment/src/adapters/transaction-events.js';
import type { WorkList } from '../../../../services/payment/src/domain/transaction-store.js';
import { readSettings } from '../../../../services/payment/src/settings.js';
import { createTransactions } from '../../../../services/payment/src/use-cases/create-transactions.js';
import { type Attempt, recordAttempts } from '../../../../services/payment/src/use-cases/record-attempts.js';
import type { LifeFaults, Publish } from './faults.js';
import { type Commit, createMemoryDatabase, type MemoryDatabase } from './memory-database.js';
import { memoryTransactions, memoryWorkList, type PaymentTx, type TransactionRow } from './memory-transactions.js';

/** What nobody sets: the times are those that production has. */
export const SETTINGS = readSettings({
  DATABASE_URL: 'postgresql://localhost/payment',
  BROKER_URL: 'embedded:postgresql://localhost/log',
  GATEWAY_DATABASE_URL: 'postgresql://localhost/books',
});

/** The payment service over a database in memory, but for its workers. */
export interface PaymentService {
  readonly database: MemoryDatabase<TransactionRow>;
  readonly subscription: SubscriptionDefinition<PaymentTx>;
  readonly workList: WorkList;
  readonly recordAll: (attempts: readonly Attempt[], tx: PaymentTx) => Promise<void>;
}

export function createPaymentService(
  faults: LifeFaults,
  publish: Publish,
  committed: (commit: Commit<TransactionRow>) => void,
): PaymentService {
  const database = createMemoryDatabase(publish, committed);
  const outbox: Outbox<PaymentTx> = faults.outbox?.(database.outbox, publish) ?? database.outbox;
  const store = faults.transactions?.(memoryTransactions) ?? memoryTransactions;
  const clock = (): Date => new Date();
  let leases = 0;
  const newId = (): string => `lease ${(leases += 1)}`;
  const { isHeld } = faults;
  const retry = { firstMs: SETTINGS.PAYMENT_RETRY_FIRST_MS, maxMs: SETTINGS.PAYMENT_RETRY_MAX_MS };
  const recordAll = recordAttempts({ store, events: transactionEvents(outbox), clock, retry });
  return {
    database,
    subscription: onOrdenCreada(createTransactions({ store, idOf: faults.idOf ?? chargeIdOf, clock }), () => {}),
    workList: memoryWorkList({ database, leaseMs: SETTINGS.PAYMENT_LEASE_MS, newId, isHeld }),
    recordAll: (attempts, tx) => recordAll(faults.attempts?.(attempts, tx) ?? attempts, tx),
  };
}
