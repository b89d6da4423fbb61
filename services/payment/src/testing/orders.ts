import { randomUUID } from 'node:crypto';

/** The id of a new order of which this is true: what becomes of an order at the simulator is written in its id. */
export function orderIdWhere(isSo: (orderId: string) => boolean): string {
  for (;;) {
    const orderId = randomUUID();
    if (isSo(orderId)) return orderId;
  }
}

export function orderIds(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}
