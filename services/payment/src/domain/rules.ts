import { AlpesError, type ErrorDetail } from '@alpes/messaging';
import type { OrderToPay } from './transaction.js';

/** Only the shape: which currencies there are, the BFF has judged, and a runtime with another list must not disagree. */
const CURRENCY = /^[A-Z]{3}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The order, if it can be paid; throws `rule-broken` with everything that is wrong with it. A free order can: it goes
 * to the gateway like any other, so that each approved transaction has its charge, be it of 0.
 */
export function assertPayable(order: OrderToPay): OrderToPay {
  const problems = [
    ...problem(UUID.test(order.orderId), 'orderId', 'must be a UUID in lower case'),
    ...problem(Number.isSafeInteger(order.amount) && order.amount >= 0, 'total', 'must be an integer, 0 or more'),
    ...problem(CURRENCY.test(order.currency), 'currency', 'must be three capital letters'),
  ];
  if (problems.length === 0) return order;
  const summary = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AlpesError('rule-broken', `the order can't be paid: ${summary}`, { details: problems });
}

function problem(fine: boolean, path: string, message: string): ErrorDetail[] {
  return fine ? [] : [{ path, message }];
}
