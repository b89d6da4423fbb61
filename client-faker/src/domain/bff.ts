import type { Order } from './order.js';

/** What one request came to. */
export type Attempt =
  | { readonly kind: 'accepted'; readonly id: string; readonly status: string }
  /** To be sent again with the same key, not before `afterMs`. */
  | { readonly kind: 'not known'; readonly reason: string; readonly afterMs?: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** The system that orders are placed in. Nothing here rejects: what went wrong is an attempt of that kind. */
export interface Bff {
  placeOrder(order: Order, key: string, traceparent?: string): Promise<Attempt>;
  /** The order's state, or why it is not known. */
  readStatus(id: string): Promise<string>;
}

/** A state that the order leaves by itself. */
export const PENDING = 'PENDING';
