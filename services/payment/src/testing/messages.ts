import { catalogue, OrdenCreadaSchema, OrderStatus } from '@alpes/contracts';
import type { Cause, TransportMessage } from '@alpes/messaging';
import { aRequest } from '@alpes/service-kit/testing';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { randomUUID } from 'node:crypto';

interface Options {
  readonly cause?: Cause;
  /** The message's own id. */
  readonly id?: string;
  readonly total?: bigint;
  readonly currency?: string;
}

/** The event of the order service; of 2500 EUR cents. */
export function ordenCreada(
  orderId: string,
  { cause = aRequest(), id = randomUUID(), total = 2500n, currency = 'EUR' }: Options = {},
): TransportMessage {
  const body = {
    ...{ orderId, clientId: 7n, address: 'Calle 1', currency, total, status: OrderStatus.PENDING, version: 1n },
    lines: [{ sku: 'A-1', name: 'Lamp', quantity: 1n, unitPrice: total }],
    ...{ createdAt: timestampNow(), updatedAt: timestampNow() },
  };
  return catalogue.compose(OrdenCreadaSchema, body, { source: 'order', cause, id, aggregateVersion: 1 });
}
