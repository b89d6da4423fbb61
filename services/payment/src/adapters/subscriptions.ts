import { OrdenCreadaSchema } from '@alpes/contracts';
import { type Incoming, on, type SubscriptionDefinition } from '@alpes/messaging';
import { assertPayable } from '../domain/rules.js';
import type { OrderToPay } from '../domain/transaction.js';

type Handle<Tx, T> = (messages: readonly Incoming<T>[], tx: Tx) => Promise<void>;

/** OrdenCreada → create-transactions; `committed` is told that there is work for the worker. */
export function onOrdenCreada<Tx>(handle: Handle<Tx, OrderToPay>, committed: () => void): SubscriptionDefinition<Tx> {
  return on(OrdenCreadaSchema, {
    parse: ({ orderId, total, currency }) => assertPayable({ orderId, currency, amount: Number(total) }),
    handle,
    committed,
  });
}
