import type { Outbox, TransportMessage } from '@alpes/messaging';
import type { ChargeLedger } from '../../../../services/payment/src/adapters/payment-gateway/charge-ledger.js';
import type { OrderStore } from '../../../../services/order/src/domain/order-store.js';
import type { PaymentGateway } from '../../../../services/payment/src/domain/payment-gateway.js';
import type { TransactionStore } from '../../../../services/payment/src/domain/transaction-store.js';
import type { Attempt } from '../../../../services/payment/src/use-cases/record-attempts.js';
import type { MemoryTx } from './memory-database.js';
import type { OrderTx } from './memory-orders.js';
import type { PaymentTx, TransactionRow } from './memory-transactions.js';

export type Publish = (messages: readonly TransportMessage[]) => void;

/** What is wrong on purpose, around the ports of the services: the model has to find it. */
export interface LifeFaults {
  readonly orders?: (store: OrderStore<OrderTx>) => OrderStore<OrderTx>;
  readonly transactions?: (store: TransactionStore<PaymentTx>) => TransactionStore<PaymentTx>;
  readonly idOf?: (orderId: string) => string;
  /** Whether nobody else may claim it. */
  readonly isHeld?: (row: TransactionRow) => boolean;
  readonly gateway?: (gateway: PaymentGateway) => PaymentGateway;
  readonly books?: (books: ChargeLedger) => ChargeLedger;
  /** What becomes of attempts before they are recorded. */
  readonly attempts?: (attempts: readonly Attempt[], tx: PaymentTx) => readonly Attempt[];
  readonly outbox?: <Row>(outbox: Outbox<MemoryTx<Row>>, publish: Publish) => Outbox<MemoryTx<Row>>;
  /** A consumer acknowledges what it receives. */
  readonly acknowledgesAtOnce?: true;
}
