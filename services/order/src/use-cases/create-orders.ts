import type { Incoming } from '@alpes/messaging';
import type { Order } from '../domain/order.js';
import type { OrderEvents } from '../domain/order-events.js';
import type { OrderStore } from '../domain/order-store.js';

/** Creates orders and announces them. One whose id exists already is left as it is: it was created by this command. */
export function createOrders<Tx>({ store, events }: { store: OrderStore<Tx>; events: OrderEvents<Tx> }) {
  return async (commands: readonly Incoming<Order>[], tx: Tx): Promise<void> => {
    const causes = new Map(commands.map(({ value, envelope }) => [value.id, envelope]));
    const created = await store.insert(
      tx,
      commands.map(({ value }) => value),
    );
    const changes = created.flatMap((order) => {
      const cause = causes.get(order.id);
      return cause === undefined ? [] : [{ order, cause }];
    });
    await events.created(tx, changes);
  };
}
