import type { Cause } from '@alpes/messaging';
import type { Order } from './order.js';

/** A change of an order, and what led to it. */
export interface OrderChange {
  readonly order: Order;
  readonly cause: Cause;
}

/** Tells the other services, in the transaction of the change. */
export interface OrderEvents<Tx> {
  created(tx: Tx, changes: readonly OrderChange[]): Promise<void>;
  updated(tx: Tx, changes: readonly OrderChange[]): Promise<void>;
}
