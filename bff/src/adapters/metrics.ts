import { Counter, type Registry } from 'prom-client';

/** Counts the orders that were accepted. Returns what is to be called at each. */
export function acceptedCounter(registry: Registry): () => void {
  const accepted = new Counter({
    name: 'alpes_orders_accepted_total',
    help: 'Orders that were accepted; the repetition of a request with an Idempotency-Key is none',
    registers: [registry],
  });
  return () => accepted.inc();
}
