import { AlpesError, type Incoming } from '@alpes/messaging';
import { applyTransaction, type Order, type TransactionResult } from '../domain/order.js';
import type { OrderChange, OrderEvents } from '../domain/order-events.js';
import type { OrderStore } from '../domain/order-store.js';

interface Parts<Tx> {
  /** Told of the orders that became final, if the transaction commits. */
  readonly ended: (orders: readonly Order[]) => void;
  readonly store: OrderStore<Tx>;
  readonly events: OrderEvents<Tx>;
  readonly clock: () => Date;
}

/** Moves orders on after their transactions were processed, and announces each change. */
export function applyTransactions<Tx>({ store, events, clock, ended }: Parts<Tx>) {
  return async (results: readonly Incoming<TransactionResult>[], tx: Tx): Promise<void> => {
    const orders = new Map(await store.lock(tx, [...new Set(results.map(({ value }) => value.orderId))]));
    const changes: OrderChange[] = [];
    for (const { value, envelope } of results) {
      const changed = applyTransaction(existing(orders, value.orderId), value, clock());
      if (changed === undefined) continue;
      orders.set(changed.id, changed);
      changes.push({ order: changed, cause: envelope });
    }
    await store.update(
      tx,
      changes.map(({ order }) => order),
    );
    await events.updated(tx, changes);
    ended(changes.map(({ order }) => order));
  };
}

function existing(orders: ReadonlyMap<string, Order>, id: string): Order {
  const order = orders.get(id);
  if (order === undefined)
    throw new AlpesError('rule-broken', `a transaction was processed for order ${id}, which does not exist`);
  return order;
}
