import type { Delivery } from '../consumer/delivery.js';
import type { TransactionalMiddleware } from '../consumer/pipeline.js';
import type { InboxStore } from '../inbox/store.js';

/** Lets only those messages pass that have had no effect yet, and seals that in the transaction of their effects. */
export function inbox<Tx>(store: InboxStore<Tx>): TransactionalMiddleware<Tx> {
  return (next) => async (batch, tx) => {
    const distinct = latestOfEach(batch.deliveries);
    const keys = distinct.map(({ envelope }) => ({ messageId: envelope.id, redrive: envelope.redrive }));
    const fresh = await store.claim(tx, batch.subscription, keys);
    const deliveries = distinct.filter(({ envelope }) => fresh.has(envelope.id));
    if (deliveries.length > 0) await next({ ...batch, deliveries }, tx);
  };
}

/** One delivery of each message, where the first of its id stood, with the highest redrive. */
function latestOfEach(deliveries: readonly Delivery[]): Delivery[] {
  const byId = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    const known = byId.get(delivery.envelope.id);
    if (known === undefined || known.envelope.redrive < delivery.envelope.redrive)
      byId.set(delivery.envelope.id, delivery);
  }
  return [...byId.values()];
}
