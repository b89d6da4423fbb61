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
import { type Cause, readEnvelope, type TransportMessage } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { randomUUID } from 'node:crypto';

/** What is said of a message beside its body. */
interface Context {
  readonly cause?: Cause;
  readonly time?: Date;
}

/** The message as the cause of others. */
export function asCause(message: TransportMessage): Cause {
  return readEnvelope({ ...message, partition: 0, position: '', publishedAt: new Date() }, '');
}

export function crearOrden(orderId: string, { cause = aRequest(), time = new Date() }: Context = {}): TransportMessage {
  return catalogue.compose(CrearOrdenSchema, { orderId }, { source: 'bff', cause, time, id: orderId });
}

export function ordenCreada(
  orderId: string,
  { cause = aRequest(), time = new Date() }: Context = {},
): TransportMessage {
  const body = { orderId, status: OrderStatus.PENDING, version: 1n };
  return catalogue.compose(OrdenCreadaSchema, body, { source: 'order', cause, time, aggregateVersion: 1 });
}

export function ordenActualizada(
  orderId: string,
  {
    cause = aRequest(),
    time = new Date(),
    version = 2,
    status,
  }: Context & { version?: number; status?: OrderStatus } = {},
): TransportMessage {
  const body = { orderId, status: status ?? OrderStatus.APPROVED, version: BigInt(version) };
  return catalogue.compose(OrdenActualizadaSchema, body, { source: 'order', cause, time, aggregateVersion: version });
}

export function transaccionProcesada(
  orderId: string,
  { cause = aRequest(), time = new Date(), reason = '' }: Context & { reason?: string } = {},
): TransportMessage {
  const state = reason === '' ? TransactionState.APPROVED : TransactionState.REJECTED;
  const body = { orderId, transactionId: randomUUID(), state, reason };
  return catalogue.compose(TransaccionProcesadaSchema, body, { source: 'payment', cause, time });
}

export function crearLog(
  orderId: string,
  { cause = aRequest(), time = new Date(), state = 'FAILED' }: Context & { state?: string } = {},
): TransportMessage {
  const body = { orderId, entity: 'payment attempt', state, detail: 'the gateway is down' };
  return catalogue.compose(CrearLogSchema, body, { source: 'payment', cause, time });
}
