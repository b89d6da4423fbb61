import { catalogue, CrearLogSchema, TransaccionProcesadaSchema, TransactionState } from '@alpes/contracts';
import type { Outbox, TransportMessage } from '@alpes/messaging';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Transaction } from '../domain/transaction.js';
import type { PaymentAttempt, TransactionEvents } from '../domain/transaction-events.js';

const STATE = {
  PENDING: TransactionState.PENDING,
  APPROVED: TransactionState.APPROVED,
  REJECTED: TransactionState.REJECTED,
} as const;

/** Announces calls of the gateway through the outbox: each as CrearLog, one that was answered as TransaccionProcesada. */
export function transactionEvents<Tx>(outbox: Outbox<Tx>): TransactionEvents<Tx> {
  return {
    attempted: (tx, attempts) =>
      outbox.enqueue(
        tx,
        attempts.flatMap((attempt) =>
          attempt.result === 'FAILED' ? [step(attempt)] : [step(attempt), processed(attempt.transaction)],
        ),
      ),
  };
}

function processed({ id, orderId, amount, currency, state, version, reason, cause, updatedAt }: Transaction) {
  const body = {
    orderId,
    currency,
    reason,
    transactionId: id,
    amount: BigInt(amount),
    state: STATE[state],
    version: BigInt(version),
    processedAt: timestampFromDate(updatedAt),
  };
  const context = { source: 'payment', cause, time: updatedAt, aggregateVersion: version };
  return catalogue.compose(TransaccionProcesadaSchema, body, context);
}

function step({ transaction, result, detail }: PaymentAttempt): TransportMessage {
  const { orderId, cause, updatedAt } = transaction;
  const body = { orderId, entity: 'payment attempt', state: result, detail };
  return catalogue.compose(CrearLogSchema, body, { source: 'payment', cause, time: updatedAt });
}
