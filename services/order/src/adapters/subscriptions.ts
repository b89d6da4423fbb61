import { CrearOrdenSchema, TransaccionProcesadaSchema, TransactionState } from '@alpes/contracts';
import { AlpesError, type Incoming, on, type SubscriptionDefinition } from '@alpes/messaging';
import { createOrder, type Order, type TransactionResult } from '../domain/order.js';
import { assertOrderId } from '../domain/rules.js';

type Handle<Tx, T> = (messages: readonly Incoming<T>[], tx: Tx) => Promise<void>;

/** CrearOrden → create-orders. The command's own time is the order's: a repeated command is the same order. */
export function onCrearOrden<Tx>(handle: Handle<Tx, Order>): SubscriptionDefinition<Tx> {
  return on(CrearOrdenSchema, {
    parse: ({ orderId, clientId, address, currency, lines }, { time }) =>
      createOrder(
        {
          ...{ orderId, address, currency, clientId: Number(clientId) },
          lines: lines.map(({ sku, name, quantity, unitPrice }) => ({
            ...{ sku, name, quantity: Number(quantity), unitPrice: Number(unitPrice) },
          })),
        },
        time,
      ),
    handle,
  });
}

/** TransaccionProcesada → apply-transactions; `committed` is told that orders may have come to their end. */
export function onTransaccionProcesada<Tx>(
  handle: Handle<Tx, TransactionResult>,
  committed: () => void,
): SubscriptionDefinition<Tx> {
  return on(TransaccionProcesadaSchema, {
    parse: ({ orderId, amount, currency, state }) => ({
      ...{ orderId: assertOrderId(orderId), currency, amount: Number(amount), state: finalState(state) },
    }),
    handle,
    committed,
  });
}

function finalState(state: TransactionState): TransactionResult['state'] {
  if (state === TransactionState.APPROVED) return 'APPROVED';
  if (state === TransactionState.REJECTED) return 'REJECTED';
  throw new AlpesError('rule-broken', `a processed transaction is approved or rejected, not in state ${state}`);
}
