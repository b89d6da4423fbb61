import {
  type OrdenActualizada,
  OrdenActualizadaSchema,
  type OrdenCreada,
  OrdenCreadaSchema,
  OrderStatus,
  TransaccionProcesadaSchema,
  TransactionState,
} from '@alpes/contracts';
import { AlpesError, type Incoming, on, type SubscriptionDefinition } from '@alpes/messaging';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import type { OrderPart, TransactionPart } from '../domain/report.js';
import { assertOrder, assertTransaction } from '../domain/rules.js';

type Handle<Tx, T> = (messages: readonly Incoming<T>[], tx: Tx) => Promise<void>;

/** OrdenCreada → record-orders. */
export function onOrdenCreada<Tx>(handle: Handle<Tx, OrderPart>): SubscriptionDefinition<Tx> {
  return on(OrdenCreadaSchema, { parse: toOrder, handle });
}

/** OrdenActualizada → record-orders. */
export function onOrdenActualizada<Tx>(handle: Handle<Tx, OrderPart>): SubscriptionDefinition<Tx> {
  return on(OrdenActualizadaSchema, { parse: toOrder, handle });
}

/** TransaccionProcesada → record-transactions. */
export function onTransaccionProcesada<Tx>(handle: Handle<Tx, TransactionPart>): SubscriptionDefinition<Tx> {
  return on(TransaccionProcesadaSchema, {
    parse: ({ orderId, transactionId, amount, currency, state, version, processedAt }) =>
      assertTransaction({
        id: orderId,
        transactionId,
        transactionState: known(TRANSACTION_STATES, state, 'state'),
        transactionAmount: Number(amount),
        transactionCurrency: currency,
        transactionVersion: Number(version),
        processedAt: toDate(processedAt, 'processedAt'),
      }),
    handle,
  });
}

const STATUSES = {
  [OrderStatus.PENDING]: 'PENDING',
  [OrderStatus.APPROVED]: 'APPROVED',
  [OrderStatus.REJECTED]: 'REJECTED',
} as const;

const TRANSACTION_STATES = {
  [TransactionState.APPROVED]: 'APPROVED',
  [TransactionState.REJECTED]: 'REJECTED',
} as const;

function toOrder(event: OrdenCreada | OrdenActualizada): OrderPart {
  const { orderId, clientId, address, currency, status, total, lines, version, createdAt, updatedAt } = event;
  return assertOrder({
    id: orderId,
    clientId: Number(clientId),
    address,
    currency,
    status: known(STATUSES, status, 'status'),
    total: Number(total),
    orderVersion: Number(version),
    lines: lines.map(({ sku, name, quantity, unitPrice }) => ({
      sku,
      name,
      quantity: Number(quantity),
      unitPrice: Number(unitPrice),
    })),
    createdAt: toDate(createdAt, 'createdAt'),
    updatedAt: toDate(updatedAt, 'updatedAt'),
  });
}

function known<Name>(names: Readonly<Partial<Record<number, Name>>>, value: number, field: string): Name {
  const name = names[value];
  if (name === undefined) throw broken(field, `is ${value}, which has no place in a report`);
  return name;
}

function toDate(timestamp: Timestamp | undefined, field: string): Date {
  const date = timestamp === undefined ? undefined : timestampDate(timestamp);
  if (date === undefined || Number.isNaN(date.getTime())) throw broken(field, 'is not a time');
  return date;
}

function broken(path: string, message: string): AlpesError {
  return new AlpesError('rule-broken', `the event can't be reported: ${path} ${message}`, {
    details: [{ path, message }],
  });
}
