import type { Incoming } from '@alpes/messaging';
import type { Order } from '../domain/order.js';
import type { OrderEvents } from '../domain/order-events.js';
import type { OrderStore } from '../domain/order-store.js';

/** Creates orders and announces them. One whose id exists already is left as it is: the first command counts. */
export function createOrders<Tx>({ store, events }: { store: OrderStore<Tx>; events: OrderEvents<Tx> }) {
  return async (commands: readonly Incoming<Order>[], tx: Tx): Promise<void> => {
    const first = new Map<string, Incoming<Order>>();
    for (const command of commands) if (!first.has(command.value.id)) first.set(command.value.id, command);
    const created = await store.insert(
      tx,
      [...first.values()].map(({ value }) => value),
    );
    const changes = created.flatMap((order) => {
      const cause = first.get(order.id)?.envelope;
      return cause === undefined ? [] : [{ order, cause }];
    });
    await events.created(tx, changes);
  };
}
