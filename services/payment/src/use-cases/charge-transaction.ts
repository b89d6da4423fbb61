import { AlpesError } from '@alpes/messaging';
import type { PaymentGateway } from '../domain/payment-gateway.js';
import type { Transaction } from '../domain/transaction.js';
import type { Attempt, Outcome } from './record-attempts.js';

interface Parts {
  readonly gateway: PaymentGateway;
  /** Resolves when the attempt is recorded. */
  readonly record: (attempt: Attempt) => Promise<void>;
}

/**
 * Asks the gateway for a transaction that this process has claimed, outside of any database transaction, and has
 * recorded what comes of it, every answer included. `signal` is aborted when the process can't wait longer.
 */
export function chargeTransaction({ gateway, record }: Parts) {
  return async (claimed: Transaction, signal: AbortSignal): Promise<void> => {
    const recordings: Promise<void>[] = [];
    const note = (outcome: Outcome): Promise<void> => {
      const recording = record({ claimed, outcome });
      recordings.push(recording);
      // Whoever waits for it hears of a failure; that nobody may is no reason to end the process.
      recording.catch(() => {});
      return recording;
    };
    const { id, orderId, amount, currency } = claimed;
    try {
      await gateway.charge({ idempotencyKey: id, orderId, amount, currency, signal }, (answer) =>
        note({ kind: 'answered', answer }),
      );
      if (recordings.length === 0) throw new AlpesError('unavailable', 'the gateway ended the call without an answer');
    } catch (thrown) {
      if (recordings.length === 0) {
        void note(signal.aborted ? { kind: 'abandoned' } : { kind: 'failed', why: AlpesError.from(thrown).message });
      }
    }
    await Promise.all(recordings);
  };
}
