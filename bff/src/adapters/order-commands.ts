import { catalogue, CrearOrdenSchema } from '@alpes/contracts';
import { AlpesError, createBatchingPublisher, type Publisher } from '@alpes/messaging';
import type { OrderCommands } from '../domain/order-commands.js';
import type { Line } from '../domain/order.js';
import { withDeadline } from './deadline.js';

const BATCH_SIZE = 500;

/** Sends commands to the order service. The message's id is the order's: a repeated command is the same message. */
export function orderCommands(publisher: Publisher, { timeoutMs }: { timeoutMs: number }): OrderCommands {
  const batching = createBatchingPublisher(publisher, { batchSize: BATCH_SIZE });
  return {
    create: async (orderId, { clientId, address, currency, lines }, cause) => {
      const body = { orderId, address, currency, clientId: BigInt(clientId), lines: lines.map(toMessage) };
      const message = catalogue.compose(CrearOrdenSchema, body, { id: orderId, source: 'bff', cause });
      await orNotKnown(
        withDeadline({ ms: timeoutMs, what: 'the broker' }, (signal) => batching.publish(message, signal)),
      );
    },
  };
}

function toMessage({ sku, name, quantity, unitPrice }: Line) {
  return { sku, name, quantity: BigInt(quantity), unitPrice: BigInt(unitPrice) };
}

/** A publication that failed may have got through all the same. */
async function orNotKnown(publication: Promise<void>): Promise<void> {
  try {
    await publication;
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    if (error.nature === 'permanent') throw error;
    const text = 'it is not known whether the order was accepted; repeat the request with the same Idempotency-Key';
    throw new AlpesError('unavailable', text, { cause: error });
  }
}
