import { passCrashPoint } from '../crash-points.js';
import type { Outbox } from '../outbox/outbox.js';
import type { Delivery } from './delivery.js';

/** Messages that are handled together. */
export interface Batch {
  readonly subscription: string;
  readonly type: string;
  readonly deliveries: readonly Delivery[];
  /** Whether it is one message, tried alone. */
  readonly isolated: boolean;
}

/** Handles a batch, all of it or none. */
export type BatchHandler = (batch: Batch) => Promise<void>;
/** Handles a batch within a transaction. */
export type TransactionalHandler<Tx> = (batch: Batch, tx: Tx) => Promise<void>;

export type Middleware = (next: BatchHandler) => BatchHandler;
export type TransactionalMiddleware<Tx> = (next: TransactionalHandler<Tx>) => TransactionalHandler<Tx>;

/**
 * Opens the transaction between the middleware that stands around it and that which works in it, and says when it has
 * committed.
 */
export function transaction<Tx>(
  outbox: Outbox<Tx>,
  next: TransactionalHandler<Tx>,
  committed?: () => void,
): BatchHandler {
  return async (batch) => {
    await outbox.inTransaction(async (tx) => {
      await next(batch, tx);
      passCrashPoint('handled');
    });
    passCrashPoint('committed');
    committed?.();
  };
}
