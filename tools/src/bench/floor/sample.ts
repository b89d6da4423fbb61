import {
  catalogue,
  CrearLogSchema,
  CrearOrdenSchema,
  OrdenActualizadaSchema,
  OrdenCreadaSchema,
  OrderStatus,
  TransaccionProcesadaSchema,
  TransactionState,
} from '@alpes/contracts';
import { childTraceparent, type TransportMessage } from '@alpes/messaging';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { v7 as uuidv7 } from 'uuid';
import { randomOrder } from '../system/random-order.js';

/** An order with all that comes of it in the system. */
export interface Sample {
  readonly id: string;
  readonly transactionId: string;
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly total: number;
  readonly lines: string;
  readonly at: Date;
  /** In the order in which they are said: CrearOrden, OrdenCreada, CrearLog, TransaccionProcesada, OrdenActualizada. */
  readonly messages: readonly TransportMessage[];
}

/** Makes orders up. Their messages are as long as those of the system, for they are made in the same way. */
export const samples = (count: number): Sample[] => Array.from({ length: count }, sample);

function sample(): Sample {
  const { clientId, address, currency, lines } = randomOrder();
  const [id, transactionId, at] = [uuidv7(), uuidv7(), new Date()];
  const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const asSent = lines.map((line) => ({
    ...{ ...line, quantity: BigInt(line.quantity), unitPrice: BigInt(line.unitPrice) },
  }));
  const order = { orderId: id, clientId: BigInt(clientId), address, currency, lines: asSent };
  const event = { ...order, total: BigInt(total), createdAt: timestampFromDate(at), updatedAt: timestampFromDate(at) };
  const transaction = { orderId: id, transactionId, amount: BigInt(total), currency, reason: '' };
  const processed = { state: TransactionState.APPROVED, version: 1n, processedAt: timestampFromDate(at) };
  const step = { orderId: id, entity: 'payment attempt', state: 'APPROVED', detail: transactionId };
  const cause = { id, correlationId: id, traceparent: childTraceparent() };
  const context = (source: string) => ({ source, cause, aggregateVersion: 1 });
  const created = { ...event, status: OrderStatus.PENDING, version: 1n };
  const updated = { ...event, status: OrderStatus.APPROVED, version: 2n };
  return {
    ...{ id, transactionId, clientId, address, currency, total, at, lines: JSON.stringify(lines) },
    messages: [
      catalogue.compose(CrearOrdenSchema, order, { ...context('bff'), id }),
      catalogue.compose(OrdenCreadaSchema, created, context('order')),
      catalogue.compose(CrearLogSchema, step, { source: 'payment', cause }),
      catalogue.compose(TransaccionProcesadaSchema, { ...transaction, ...processed }, context('payment')),
      catalogue.compose(OrdenActualizadaSchema, updated, context('order')),
    ],
  };
}
