import { createHash } from 'node:crypto';
import type { NewOrder } from './order.js';

/** SHA-256, in hex, of what an order says: the same however its JSON was ordered, spaced or escaped. */
export function fingerprint({ clientId, address, currency, lines }: NewOrder): string {
  const content = [
    ...[clientId, address, currency],
    lines.map(({ sku, name, quantity, unitPrice }) => [sku, name, quantity, unitPrice]),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
