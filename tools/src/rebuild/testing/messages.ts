import {
  catalogue,
  OrdenActualizadaSchema,
  OrdenCreadaSchema,
  OrderStatus,
  TransaccionProcesadaSchema,
  TransactionState,
} from '@alpes/contracts';
import type { TransportMessage } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { randomUUID } from 'node:crypto';

export const newOrders = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

/** All events of an order from its creation to its approval. */
export function lifeOf(orderId: string, address = 'Calle 1'): TransportMessage[] {
  const cause = aRequest();
  const at = timestampFromDate(new Date());
  const body = {
    ...{ orderId, clientId: 7n, address, currency: 'EUR', total: 2500n, createdAt: at, updatedAt: at },
    lines: [{ sku: 'A-1', name: 'Lamp', quantity: 2n, unitPrice: 1250n }],
  };
  const created = { ...body, status: OrderStatus.PENDING, version: 1n };
  const updated = { ...body, status: OrderStatus.APPROVED, version: 2n };
  const transaction = {
    ...{ orderId, transactionId: randomUUID(), amount: 2500n, currency: 'EUR', state: TransactionState.APPROVED },
    ...{ version: 1n, reason: '', processedAt: at },
  };
  return [
    catalogue.compose(OrdenCreadaSchema, created, { source: 'order', cause, aggregateVersion: 1 }),
    catalogue.compose(TransaccionProcesadaSchema, transaction, { source: 'payment', cause }),
    catalogue.compose(OrdenActualizadaSchema, updated, { source: 'order', cause, aggregateVersion: 2 }),
  ];
}

/** An event that every service refuses: nobody knows its state. */
export function refusedEvent(orderId: string): TransportMessage {
  const body = { orderId, status: 99 as OrderStatus, version: 3n };
  return catalogue.compose(OrdenActualizadaSchema, body, { source: 'order', cause: aRequest(), aggregateVersion: 3 });
}
