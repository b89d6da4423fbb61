import { catalogue, OrdenActualizadaSchema, OrderStatus } from '@alpes/contracts';
import type { TransportMessage } from '@alpes/messaging';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { randomUUID } from 'node:crypto';
import type { System } from '../../start/whole-system.js';
import { connectBrokerOf } from '../broker.js';

export async function publish(system: System, messages: readonly TransportMessage[]): Promise<void> {
  const broker = connectBrokerOf(system);
  const results = await broker.publish(messages);
  await broker.close();
  if (results.some((error) => error !== undefined)) throw new Error('a message was not published');
}

/** What no consumer of the topic can decode. */
export const poison = (topic: string): TransportMessage => ({
  ...{ topic, key: randomUUID(), properties: { ce_id: randomUUID() }, payload: Uint8Array.of(0xff) },
});

/** The order service tells of an order at this version. */
export function updated(orderId: string, version: number): TransportMessage {
  const lines = [{ sku: 'A-1', name: 'Lamp', quantity: 1n, unitPrice: 1_000n }];
  const cause = { id: orderId, correlationId: orderId, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  return catalogue.compose(
    OrdenActualizadaSchema,
    {
      ...{ orderId, lines, clientId: 7n, address: 'Calle 1', currency: 'EUR', total: 1_000n },
      ...{ status: OrderStatus.APPROVED, version: BigInt(version) },
      ...{ createdAt: timestampNow(), updatedAt: timestampNow() },
    },
    { source: 'order', cause, aggregateVersion: version },
  );
}
