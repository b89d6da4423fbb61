import { AlpesError, type ErrorDetail } from '@alpes/messaging';
import type { CreateOrder, Line } from './order.js';

/**
 * The shape of a code of ISO 4217. Which codes there are is the BFF's question: its list depends on the version of Node,
 * and an order that a newer BFF has accepted must not be dead here.
 */
const CURRENCY = /^[A-Z]{3}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id itself; throws `rule-broken` if no order can have it. */
export function assertOrderId(id: string): string {
  if (UUID.test(id)) return id;
  const message = 'must be a UUID in lower case';
  throw new AlpesError('rule-broken', `orderId ${message}`, { details: [{ path: 'orderId', message }] });
}

/** The total of the lines in minor units; throws `rule-broken` with everything that is wrong with the command. */
export function assertValid(command: CreateOrder): number {
  const total = command.lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const problems = [
    ...problem(UUID.test(command.orderId), 'orderId', 'must be a UUID in lower case'),
    ...problem(isPositive(command.clientId), 'clientId', 'must be a positive integer'),
    ...text(command.address, 'address'),
    ...problem(CURRENCY.test(command.currency), 'currency', 'must be three capital letters'),
    ...problem(command.lines.length > 0, 'lines', 'must not be empty'),
    ...command.lines.flatMap(checkLine),
    ...problem(Number.isSafeInteger(total), 'lines', `must not add up to more than ${Number.MAX_SAFE_INTEGER}`),
  ];
  if (problems.length === 0) return total;
  const summary = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AlpesError('rule-broken', `the order breaks a rule: ${summary}`, { details: problems });
}

function checkLine({ sku, name, quantity, unitPrice }: Line, index: number): ErrorDetail[] {
  return [
    ...text(sku, `lines.${index}.sku`),
    ...text(name, `lines.${index}.name`),
    ...problem(isPositive(quantity), `lines.${index}.quantity`, 'must be a positive integer'),
    ...problem(
      Number.isSafeInteger(unitPrice) && unitPrice >= 0,
      `lines.${index}.unitPrice`,
      'must be an integer, 0 or more',
    ),
  ];
}

/** PostgreSQL can't store the character U+0000. */
function text(value: string, path: string): ErrorDetail[] {
  return problem(value.trim() !== '' && !value.includes('\u0000'), path, 'must not be empty or contain U+0000');
}

function isPositive(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function problem(fine: boolean, path: string, message: string): ErrorDetail[] {
  return fine ? [] : [{ path, message }];
}
