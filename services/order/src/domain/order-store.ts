import type { Order } from './order.js';

/** The orders, within a transaction. */
export interface OrderStore<Tx> {
  /** Adds those whose id is new, and returns them; their rows stay locked. */
  insert(tx: Tx, orders: readonly Order[]): Promise<readonly Order[]>;
  /** Reads the orders with these ids and locks their rows, in the order of the ids. */
  lock(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Order>>;
  /** Writes the state, version and time of orders that are locked. */
  update(tx: Tx, orders: readonly Order[]): Promise<void>;
}
