import { createHash } from 'node:crypto';

/** An order that went its whole way, and the ids of everything that it left. */
export interface SampleOrder {
  readonly id: string;
  readonly outcome: 'APPROVED' | 'REJECTED';
  readonly transactionId: string;
  readonly traceId: string;
  /** The request with which it came. */
  readonly requestId: string;
  /** The ids of its messages, by their names. CrearOrden has the order's. */
  readonly messages: Readonly<Record<(typeof chain)[number]['message'], string>>;
}

/** Which message follows from which. */
export const chain = [
  { message: 'CrearOrden', service: 'bff', cause: 'request' },
  { message: 'OrdenCreada', service: 'order', cause: 'CrearOrden' },
  { message: 'CrearLog', service: 'payment', cause: 'OrdenCreada' },
  { message: 'TransaccionProcesada', service: 'payment', cause: 'OrdenCreada' },
  { message: 'OrdenActualizada', service: 'order', cause: 'TransaccionProcesada' },
] as const;

/** The same words give the same id. */
export function sampleId(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function sampleOrder(name: string, outcome: SampleOrder['outcome']): SampleOrder {
  const id = sampleId(`order ${name}`);
  const messages = Object.fromEntries(
    chain.map(({ message }) => [message, message === 'CrearOrden' ? id : sampleId(`${message} ${name}`)]),
  ) as SampleOrder['messages'];
  return {
    ...{ id, outcome, messages, transactionId: sampleId(`transaction ${name}`) },
    ...{ requestId: sampleId(`request ${name}`), traceId: sampleId(`trace ${name}`).replaceAll('-', '') },
  };
}
