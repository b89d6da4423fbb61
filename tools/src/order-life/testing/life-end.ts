import type { LifeWorld } from './world.js';

/** Where everything rests, an order, its transaction and the gateway's books say the same; throws what does not. */
export function assertEnd(world: LifeWorld): void {
  const wrong = [...world.given.keys()].flatMap((orderId) => disagreements(world, orderId));
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

function disagreements({ orders, payments, books, theatre, nameOf }: LifeWorld, orderId: string): string[] {
  const order = orders.database.rows().get(orderId);
  const rows = [...payments.database.rows().values()].filter(({ transaction }) => transaction.orderId === orderId);
  const charges = [...books.entries.values()].filter(({ request }) => request.orderId === orderId);
  const is = {
    order: order && `${order.status} of ${order.total}`,
    transactions: rows.map(({ transaction: { state, amount } }) => `${state} of ${amount}`),
    charges: charges.map(({ answer, request }) => `${answer.outcome.toUpperCase()} of ${request.amount}`),
  };
  if (order?.status === 'APPROVED') theatre.saw('an order was approved');
  if (order?.status === 'REJECTED') theatre.saw('an order was rejected');
  const isAgreed = [is.transactions, is.charges].every((one) => one.length === 1 && one[0] === is.order);
  return isAgreed ? [] : [`${nameOf(orderId)} is not the same everywhere: ${JSON.stringify(is)}`];
}
