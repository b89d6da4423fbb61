import { AlpesError } from '@alpes/messaging';
import { assertValid } from './rules.js';

export type OrderStatus = 'PENDING' | 'APPROVED' | 'REJECTED';

/** Amounts are in minor units of the order's currency. */
export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

export interface CreateOrder {
  readonly orderId: string;
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly lines: readonly Line[];
}

export interface Order {
  readonly id: string;
  readonly clientId: number;
  readonly address: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly total: number;
  readonly status: OrderStatus;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What payment says of an order's transaction. */
export interface TransactionResult {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: 'APPROVED' | 'REJECTED';
}

/** A new order; throws `rule-broken` if the command breaks a rule. */
export function createOrder(command: CreateOrder, now: Date): Order {
  const total = assertValid(command);
  const { orderId, ...content } = command;
  return { id: orderId, ...content, total, status: 'PENDING', version: 1, createdAt: now, updatedAt: now };
}

/**
 * The order after its transaction was processed; undefined if that changes nothing, for the order has that state
 * already. Throws `rule-broken` if the result is not of this order, or contradicts the state that it has.
 */
export function applyTransaction(order: Order, result: TransactionResult, now: Date): Order | undefined {
  if (result.amount !== order.total || result.currency !== order.currency) {
    const charged = `${result.amount} ${result.currency}`;
    throw new AlpesError('rule-broken', `order ${order.id} is of ${order.total} ${order.currency}, not ${charged}`);
  }
  if (order.status === result.state) return undefined;
  if (order.status !== 'PENDING') {
    throw new AlpesError('rule-broken', `order ${order.id} is ${order.status} and can't become ${result.state}`);
  }
  return { ...order, status: result.state, version: order.version + 1, updatedAt: now };
}
