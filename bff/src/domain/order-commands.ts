import type { Cause } from '@alpes/messaging';
import type { NewOrder } from './order.js';

/** Tells the order service what to do. */
export interface OrderCommands {
  /** Resolves when the broker has the command durably. To repeat it with the same id changes nothing. */
  create(orderId: string, order: NewOrder, cause: Cause): Promise<void>;
}
