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
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';

export const CREATED_AT = new Date('2026-01-01T10:00:00.123Z');
export const UPDATED_AT = new Date('2026-01-01T10:00:01.456Z');
export const TRANSACTION_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

interface OrderChange {
  readonly address?: string;
  readonly status?: OrderStatus;
  readonly version?: bigint;
  readonly createdAt?: Timestamp;
}

const order = {
  ...{ clientId: 7n, address: 'Calle 1', currency: 'EUR', total: 2500n, createdAt: timestampFromDate(CREATED_AT) },
  lines: [{ sku: 'A-1', name: 'Lamp', quantity: 2n, unitPrice: 1250n }],
};

/** Version 1 of an order. */
export function ordenCreada(orderId: string, change: OrderChange = {}): TransportMessage {
  const state = { status: OrderStatus.PENDING, version: 1n, updatedAt: timestampFromDate(CREATED_AT) };
  const body = { orderId, ...order, ...state, ...change };
  return catalogue.compose(OrdenCreadaSchema, body, { source: 'order', cause: aRequest() });
}

/** Version 2 of an order, or any later one. */
export function ordenActualizada(orderId: string, change: OrderChange = {}): TransportMessage {
  const state = { status: OrderStatus.APPROVED, version: 2n, updatedAt: timestampFromDate(UPDATED_AT) };
  const body = { orderId, ...order, ...state, ...change };
  return catalogue.compose(OrdenActualizadaSchema, body, { source: 'order', cause: aRequest() });
}

/** The transaction of an order after it was processed. */
export function transaccionProcesada(
  orderId: string,
  change: { readonly state?: TransactionState; readonly version?: bigint } = {},
): TransportMessage {
  const body = {
    ...{ orderId, transactionId: TRANSACTION_ID, amount: 2500n, currency: 'EUR', state: TransactionState.APPROVED },
    ...{ version: 2n, reason: '', processedAt: timestampFromDate(UPDATED_AT), ...change },
  };
  return catalogue.compose(TransaccionProcesadaSchema, body, { source: 'payment', cause: aRequest() });
}
