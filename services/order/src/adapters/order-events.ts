import { catalogue, OrdenActualizadaSchema, OrdenCreadaSchema, OrderStatus } from '@alpes/contracts';
import type { Outbox } from '@alpes/messaging';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Order } from '../domain/order.js';
import type { OrderChange, OrderEvents } from '../domain/order-events.js';

const STATUS = {
  PENDING: OrderStatus.PENDING,
  APPROVED: OrderStatus.APPROVED,
  REJECTED: OrderStatus.REJECTED,
} as const;

/** Announces changes through the outbox: a new order as OrdenCreada, a changed one as OrdenActualizada. */
export function orderEvents<Tx>(outbox: Outbox<Tx>): OrderEvents<Tx> {
  const announce =
    (schema: typeof OrdenCreadaSchema | typeof OrdenActualizadaSchema) => (tx: Tx, changes: readonly OrderChange[]) =>
      outbox.enqueue(
        tx,
        changes.map(({ order, cause }) =>
          catalogue.compose<typeof OrdenCreadaSchema | typeof OrdenActualizadaSchema>(schema, toBody(order), {
            ...{ source: 'order', cause, aggregateVersion: order.version },
          }),
        ),
      );
  return { created: announce(OrdenCreadaSchema), updated: announce(OrdenActualizadaSchema) };
}

function toBody({ id, clientId, address, currency, lines, total, status, version, createdAt, updatedAt }: Order) {
  return {
    orderId: id,
    clientId: BigInt(clientId),
    address,
    currency,
    lines: lines.map(({ sku, name, quantity, unitPrice }) => ({
      sku,
      name,
      quantity: BigInt(quantity),
      unitPrice: BigInt(unitPrice),
    })),
    total: BigInt(total),
    status: STATUS[status],
    version: BigInt(version),
    createdAt: timestampFromDate(createdAt),
    updatedAt: timestampFromDate(updatedAt),
  };
}
