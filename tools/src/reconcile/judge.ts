import { newest, type OrderFacts, type OrderRow } from './facts.js';
import { type Finding, findingIf } from './findings.js';
import { judgeCharges, judgeTransactions } from './judge-payment.js';
import { judgeReports } from './judge-report.js';
import { judgeTimeline } from './judge-timeline.js';

/**
 * Holds all that is known of one order together, and says what does not fit. What follows from another finding is left
 * out: an order that is missing is one finding, not one per table.
 *
 * @param deadIn the dead-letter topics that have a message of this order, which is then the likely reason
 */
export function judge(facts: OrderFacts, deadIn: readonly string[] = []): Finding[] {
  const order = newest(facts.orders, ({ version }) => version);
  const found = order === undefined ? judgeAbsence(facts) : judgeOrder(order, facts);
  if (deadIn.length === 0) return found;
  const hint = `A message of this order is dead in ${deadIn.join(', ')}: begin there.`;
  return found.map((one) => ({ ...one, hint }));
}

function judgeAbsence({ orderId, accepted, transactions, charges, reports, steps }: OrderFacts): Finding[] {
  const elsewhere = Object.entries({ transactions, charges, reports, steps })
    .filter(([, rows]) => rows.length > 0)
    .map(([table, rows]) => `${table} (${rows.length})`)
    .join(', ');
  const rest = elsewhere === '' ? 'Nobody else knows it.' : `There are rows of it: ${elsewhere}.`;
  return [
    ...findingIf(
      accepted,
      'order-missing',
      `It was accepted, but the order service does not have it. ${rest}`,
      orderId,
    ),
    ...findingIf(!accepted, 'rows-without-order', `The order service does not have it. ${rest}`, orderId),
  ];
}

function judgeOrder(order: OrderRow, facts: OrderFacts): Finding[] {
  const { orders, transactions, charges, reports, steps } = facts;
  const [transaction] = transactions.length === 1 ? transactions : [];
  const count = `The order service has ${orders.length} rows of it.`;
  return [
    ...findingIf(orders.length > 1, 'order-doubled', count, order.orderId),
    ...judgeTransactions(order, transactions),
    ...judgeCharges(order, transactions, charges),
    ...judgeReports(order, transaction, reports),
    ...judgeTimeline(order, transaction, steps),
  ];
}
