import { AlpesError, type ErrorDetail } from '@alpes/messaging';
import type { OrderPart, TransactionPart } from './report.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CURRENCY = /^[A-Z]{3}$/;
/** The largest number in a column of versions. */
const MAX_VERSION = 2 ** 31 - 1;

/** The order itself; throws `rule-broken` with everything for which it can't be reported. */
export function assertOrder(order: OrderPart): OrderPart {
  return assertFine(order, [
    ...identity(order.id, 'orderId'),
    ...problem(Number.isSafeInteger(order.clientId), 'clientId', 'must be a safe integer'),
    ...text(order.address, 'address'),
    ...currency(order.currency),
    ...amount(order.total, 'total'),
    ...order.lines.flatMap(({ sku, name, quantity, unitPrice }, index) => [
      ...text(sku, `lines.${index}.sku`),
      ...text(name, `lines.${index}.name`),
      ...amount(quantity, `lines.${index}.quantity`),
      ...amount(unitPrice, `lines.${index}.unitPrice`),
    ]),
    ...version(order.orderVersion),
  ]);
}

/** The transaction itself; throws `rule-broken` with everything for which it can't be reported. */
export function assertTransaction(transaction: TransactionPart): TransactionPart {
  return assertFine(transaction, [
    ...identity(transaction.id, 'orderId'),
    ...identity(transaction.transactionId, 'transactionId'),
    ...amount(transaction.transactionAmount, 'amount'),
    ...currency(transaction.transactionCurrency),
    ...version(transaction.transactionVersion),
  ]);
}

function assertFine<Part>(part: Part, problems: readonly ErrorDetail[]): Part {
  if (problems.length === 0) return part;
  const summary = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AlpesError('rule-broken', `the event can't be reported: ${summary}`, { details: problems });
}

function identity(value: string, path: string): ErrorDetail[] {
  return problem(UUID.test(value), path, 'must be a UUID in lower case');
}

function currency(value: string): ErrorDetail[] {
  return problem(CURRENCY.test(value), 'currency', 'must be a code of ISO 4217');
}

function amount(value: number, path: string): ErrorDetail[] {
  return problem(Number.isSafeInteger(value) && value >= 0, path, 'must be a safe integer, 0 or more');
}

function version(value: number): ErrorDetail[] {
  const fine = Number.isInteger(value) && value >= 1 && value <= MAX_VERSION;
  return problem(fine, 'version', `must be an integer from 1 to ${MAX_VERSION}`);
}

/** PostgreSQL can't store the character U+0000. */
function text(value: string, path: string): ErrorDetail[] {
  return problem(!value.includes('\u0000'), path, 'must not contain U+0000');
}

function problem(fine: boolean, path: string, message: string): ErrorDetail[] {
  return fine ? [] : [{ path, message }];
}
