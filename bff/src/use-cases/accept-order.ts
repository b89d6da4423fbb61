import { AlpesError, type Cause } from '@alpes/messaging';
import { fingerprint } from '../domain/fingerprint.js';
import type { IdempotencyStore } from '../domain/idempotency-store.js';
import type { OrderCommands } from '../domain/order-commands.js';
import type { NewOrder } from '../domain/order.js';

interface Parts {
  readonly keys: IdempotencyStore;
  readonly commands: OrderCommands;
  readonly newId: () => string;
  /** Called at each order that was accepted; one that was asked for before is none. */
  readonly accepted: () => void;
}

interface Acceptance {
  readonly order: NewOrder;
  /** Without it every request is an order of its own. */
  readonly key: string | undefined;
  readonly cause: Cause;
}

/**
 * Asks for an order to be created and returns its id, once that can't be lost. With a key, a repetition is the same
 * order; its command is sent again, for nobody knows whether the first one got through.
 */
export function acceptOrder({ keys, commands, newId, accepted }: Parts) {
  return async ({ order, key, cause }: Acceptance): Promise<string> => {
    const ifNew = newId();
    const id = key === undefined ? ifNew : await claim(keys, order, key, ifNew);
    await commands.create(id, order, cause);
    if (id === ifNew) accepted();
    return id;
  };
}

async function claim(keys: IdempotencyStore, order: NewOrder, key: string, newId: string): Promise<string> {
  const bodyHash = fingerprint(order);
  const use = await keys.claim(order.clientId, key, { bodyHash, orderId: newId });
  if (use.bodyHash === bodyHash) return use.orderId;
  const message = 'was used for another order; take a new key for a new order';
  const details = [{ path: 'headers.idempotency-key', message }];
  throw new AlpesError('idempotency-key-reused', `the Idempotency-Key ${message}`, { details });
}
