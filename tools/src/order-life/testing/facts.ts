import {
  catalogue,
  OrdenActualizadaSchema,
  OrdenCreadaSchema,
  OrderStatus,
  TransaccionProcesadaSchema,
  TransactionState,
} from '@alpes/contracts';
import { decodeBody, type TransportMessage } from '@alpes/messaging';
import type { Order } from '../../../../services/order/src/domain/order.js';
import type { TransactionRow } from './memory-transactions.js';

/** An order or a transaction, as a row has it or an event tells of it. */
export interface Fact {
  readonly kind: 'order' | 'transaction';
  readonly id: string;
  readonly orderId: string;
  readonly state: string;
  readonly version: number;
}

export function orderFact({ id, status, version }: Order): Fact {
  return { kind: 'order', id, orderId: id, state: status, version };
}

export function transactionFact({ transaction }: TransactionRow): Fact {
  const { id, orderId, state, version } = transaction;
  return { kind: 'transaction', id, orderId, state, version };
}

const CREATED = catalogue.contractOf(OrdenCreadaSchema).topic;
const UPDATED = catalogue.contractOf(OrdenActualizadaSchema).topic;
const PROCESSED = catalogue.contractOf(TransaccionProcesadaSchema).topic;

/** What a message tells; undefined if it is no event of an order or a transaction. */
export function toldBy({ topic, payload }: TransportMessage): Fact | undefined {
  if (topic === CREATED || topic === UPDATED) {
    const { orderId, status, version } = decodeBody(
      topic === CREATED ? OrdenCreadaSchema : OrdenActualizadaSchema,
      payload,
    );
    return { kind: 'order', id: orderId, orderId, state: OrderStatus[status], version: Number(version) };
  }
  if (topic !== PROCESSED) return undefined;
  const { transactionId, orderId, state, version } = decodeBody(TransaccionProcesadaSchema, payload);
  return { kind: 'transaction', id: transactionId, orderId, state: TransactionState[state], version: Number(version) };
}
