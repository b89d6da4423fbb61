import {
  CrearLogSchema,
  CrearOrdenSchema,
  OrdenActualizadaSchema,
  OrdenCreadaSchema,
  OrderStatus,
  TransaccionProcesadaSchema,
  TransactionState,
} from '@alpes/contracts';
import { AlpesError, type Envelope, type Incoming, on, type SubscriptionDefinition, traceIdOf } from '@alpes/messaging';
import type { Step } from '../domain/step.js';
import { assertStep } from '../domain/rules.js';

type Handle<Tx> = (messages: readonly Incoming<Step>[], tx: Tx) => Promise<void>;

/** CrearOrden → record-steps. What it asks for is pending, whether or not the order service takes it. */
export function onCrearOrden<Tx>(handle: Handle<Tx>): SubscriptionDefinition<Tx> {
  return on(CrearOrdenSchema, {
    parse: ({ orderId }, envelope) => toStep('CrearOrden', envelope, { orderId, state: 'PENDING' }),
    handle,
  });
}

/** OrdenCreada → record-steps. */
export function onOrdenCreada<Tx>(handle: Handle<Tx>): SubscriptionDefinition<Tx> {
  return on(OrdenCreadaSchema, {
    parse: ({ orderId, status, version }, envelope) =>
      toStep('OrdenCreada', envelope, { orderId, state: known(STATUSES, status), orderVersion: Number(version) }),
    handle,
  });
}

/** OrdenActualizada → record-steps. */
export function onOrdenActualizada<Tx>(handle: Handle<Tx>): SubscriptionDefinition<Tx> {
  return on(OrdenActualizadaSchema, {
    parse: ({ orderId, status, version }, envelope) =>
      toStep('OrdenActualizada', envelope, { orderId, state: known(STATUSES, status), orderVersion: Number(version) }),
    handle,
  });
}

/** TransaccionProcesada → record-steps. */
export function onTransaccionProcesada<Tx>(handle: Handle<Tx>): SubscriptionDefinition<Tx> {
  return on(TransaccionProcesadaSchema, {
    parse: ({ orderId, state, reason }, envelope) =>
      toStep('TransaccionProcesada', envelope, { orderId, state: known(TRANSACTION_STATES, state), detail: reason }),
    handle,
  });
}

/** CrearLog → record-steps. */
export function onCrearLog<Tx>(handle: Handle<Tx>): SubscriptionDefinition<Tx> {
  return on(CrearLogSchema, {
    parse: ({ orderId, entity, state, detail }, envelope) =>
      toStep('CrearLog', envelope, {
        ...{ orderId, state },
        detail: [entity, detail].filter((text) => text !== '').join(': '),
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
  [TransactionState.PENDING]: 'PENDING',
  [TransactionState.APPROVED]: 'APPROVED',
  [TransactionState.REJECTED]: 'REJECTED',
} as const;

function known(names: Readonly<Partial<Record<number, string>>>, value: number): string {
  const name = names[value];
  if (name !== undefined) return name;
  const message = `is ${value}, which is no state of an order or a transaction`;
  throw new AlpesError('rule-broken', `the message is no step of an order: its state ${message}`, {
    details: [{ path: 'state', message }],
  });
}

type Content = Pick<Step, 'orderId' | 'state'> & Partial<Pick<Step, 'detail' | 'orderVersion'>>;

function toStep(message: string, envelope: Envelope, content: Content): Step {
  return assertStep({
    messageId: envelope.id,
    at: envelope.time,
    service: envelope.source,
    message,
    orderId: content.orderId,
    state: content.state,
    detail: content.detail ?? '',
    orderVersion: content.orderVersion ?? null,
    causationId: envelope.causationId ?? null,
    correlationId: envelope.correlationId,
    traceId: traceIdOf(envelope.traceparent) ?? '',
  });
}
