import { differences } from './differences.js';
import { type ChargeRow, isFinal, type OrderRow, type TransactionRow } from './facts.js';
import { type Finding, finding, findingIf } from './findings.js';

/** Whether there is one transaction, which agrees with its order, and both have come to their end. */
export function judgeTransactions(order: OrderRow, transactions: readonly TransactionRow[]): Finding[] {
  const { orderId, total, currency, status } = order;
  const [transaction, ...others] = transactions;
  if (transaction === undefined) {
    return [finding('transaction-missing', `The order is ${status}, but payment has no transaction of it.`, orderId)];
  }
  if (others.length > 0) {
    const list = transactions.map(({ id, state, amount }) => `${id} (${state}, ${amount})`).join(', ');
    return [finding('transaction-doubled', `Payment has ${transactions.length} transactions of it: ${list}.`, orderId)];
  }
  const { id, state } = transaction;
  const pending = !isFinal(state);
  const wrong = differences([
    { name: 'amount', is: transaction.amount, shouldBe: total },
    { name: 'currency', is: transaction.currency, shouldBe: currency },
    // An order that is behind its transaction is stuck, not wrong.
    ...(isFinal(status) ? [{ name: 'state', is: state, shouldBe: status }] : []),
  ]);
  const behind = `It is still PENDING, but its transaction is ${state}.`;
  return [
    ...findingIf(pending, 'transaction-pending', `Transaction ${id} is still PENDING.`, orderId),
    ...findingIf(!pending && !isFinal(status), 'order-not-final', behind, orderId),
    ...findingIf(wrong !== '', 'transaction-disagrees', `Its transaction does not agree with it: ${wrong}.`, orderId),
  ];
}

/** Whether money was taken once where the transaction was approved, and never elsewhere. */
export function judgeCharges(
  { orderId }: OrderRow,
  transactions: readonly TransactionRow[],
  charges: readonly ChargeRow[],
): Finding[] {
  const [charge, ...others] = charges.filter(({ outcome }) => outcome === 'approved');
  if (charge !== undefined && others.length > 0) {
    const list = [charge, ...others].map(({ key, amount, currency }) => `${key} (${amount} ${currency})`).join(', ');
    return [finding('charge-doubled', `The gateway took money ${others.length + 1} times: ${list}.`, orderId)];
  }
  // Of two transactions one is wrong; which, only a person can tell.
  const [transaction, ...further] = transactions;
  if (further.length > 0) return [];
  if (charge === undefined) {
    const text = `Transaction ${transaction?.id} is APPROVED, but the gateway has no charge of it.`;
    return findingIf(transaction?.state === 'APPROVED', 'charge-missing', text, orderId);
  }
  // A transaction that is pending is about to hear of its charge.
  if (transaction === undefined || transaction.state === 'REJECTED') {
    const why = transaction === undefined ? 'payment has no transaction' : `transaction ${transaction.id} is REJECTED`;
    const taken = `The gateway took ${charge.amount} ${charge.currency} under key ${charge.key}`;
    return [finding('charge-unwanted', `${taken}, but ${why}.`, orderId)];
  }
  return judgeCharge(orderId, charge, transaction);
}

function judgeCharge(orderId: string, charge: ChargeRow, transaction: TransactionRow): Finding[] {
  const wrong = differences([
    { name: 'key', is: charge.key, shouldBe: transaction.id },
    { name: 'amount', is: charge.amount, shouldBe: transaction.amount },
    { name: 'currency', is: charge.currency, shouldBe: transaction.currency },
  ]);
  const text = `The charge at the gateway does not agree with the transaction: ${wrong}.`;
  return findingIf(wrong !== '', 'charge-disagrees', text, orderId);
}
