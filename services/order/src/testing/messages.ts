import { catalogue, CrearOrdenSchema, TransaccionProcesadaSchema, TransactionState } from '@alpes/contracts';
import type { Cause, TransportMessage } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { randomUUID } from 'node:crypto';

/** The command of the BFF; its total is 2500 EUR cents. */
export function crearOrden(
  orderId: string,
  { cause = aRequest(), id = orderId, address = 'Calle 1', quantity = 2n } = {},
): TransportMessage {
  const lines = [
    { sku: 'A-1', name: 'Lamp', quantity, unitPrice: 1000n },
    { sku: 'B-2', name: 'Bulb', quantity: 1n, unitPrice: 500n },
  ];
  const body = { orderId, clientId: 7n, address, currency: 'EUR', lines };
  return catalogue.compose(CrearOrdenSchema, body, { source: 'bff', cause, id });
}

/** The event of payment that the order was charged. */
export function transaccionProcesada(
  orderId: string,
  {
    cause = aRequest(),
    amount = 2500n,
    state = TransactionState.APPROVED,
  }: { cause?: Cause; amount?: bigint; state?: TransactionState } = {},
): TransportMessage {
  const transaction = { transactionId: randomUUID(), version: 2n, reason: '', processedAt: timestampNow() };
  const body = { orderId, ...transaction, amount, currency: 'EUR', state };
  return catalogue.compose(TransaccionProcesadaSchema, body, { source: 'payment', cause, aggregateVersion: 2 });
}
