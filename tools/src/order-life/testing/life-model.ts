import type { TransportMessage } from '@alpes/messaging';
import type { Order } from '../../../../services/order/src/domain/order.js';
import type { Attempt } from '../../../../services/payment/src/use-cases/record-attempts.js';
import type { Books } from './books.js';
import { type Fact, orderFact, toldBy, transactionFact } from './facts.js';
import type { Commit } from './memory-database.js';
import { isHeld, type TransactionRow } from './memory-transactions.js';

type Rows = ReadonlyMap<string, TransactionRow>;

/** All that has to hold at each moment; what does not is a problem. */
export interface LifeModel {
  readonly problems: string[];
  published(message: TransportMessage): void;
  ordersChanged(commit: Commit<Order>): void;
  transactionsChanged(commit: Commit<TransactionRow>): void;
  /** Attempts were recorded: nobody else's lease may end by that. */
  recorded(attempts: readonly Attempt[], before: Rows, after: Rows): void;
  booked(books: Books): void;
}

export function createLifeModel(nameOf: (orderId: string) => string): LifeModel {
  const problems: string[] = [];
  const report = (...found: readonly string[]): void => {
    for (const one of found) if (!problems.includes(one)) problems.push(one);
  };
  const told = new Map<string, Fact>();
  const describe = ({ kind, orderId }: Pick<Fact, 'kind' | 'orderId'>): string =>
    kind === 'order' ? nameOf(orderId) : `the transaction of ${nameOf(orderId)}`;

  const hear = (event: Fact | undefined): void => {
    if (event === undefined) return;
    const due = (told.get(event.id)?.version ?? 0) + 1;
    if (event.version !== due) report(`${describe(event)} is told of in version ${event.version}, where ${due} is due`);
    told.set(event.id, event);
  };

  /** What a row is now, is what was told of it last; and it is for ever once it is final. */
  const see = (before: Fact | undefined, after: Fact): void => {
    const last = told.get(after.id) ?? { version: 0, state: 'PENDING' };
    if (after.version !== last.version || after.state !== last.state)
      report(`${describe(after)} is ${after.state} ${after.version}, and told of as ${last.state} ${last.version}`);
    if (before !== undefined && before.state !== 'PENDING' && before.state !== after.state)
      report(`${describe(after)} was ${before.state} and becomes ${after.state}`);
  };

  const judge = <Row>({ before, after }: Commit<Row>, factOf: (row: Row) => Fact): void => {
    for (const [id, row] of after) {
      const former = before.get(id);
      if (row !== former) see(former && factOf(former), factOf(row));
    }
  };

  return {
    problems,
    published: (message) => hear(toldBy(message)),
    ordersChanged: (commit) => judge(commit, orderFact),
    transactionsChanged: (commit) => {
      judge(commit, transactionFact);
      report(...twice(commit.after, describe), ...claimedTwice(commit, describe));
    },
    recorded: (attempts, before, after) => {
      const mine = new Set(attempts.map(({ claimed }) => claimed.lease));
      for (const [id, row] of before) {
        const { state, lease } = after.get(id)?.transaction ?? row.transaction;
        const isTaken = isHeld(row) && state === 'PENDING' && lease === undefined && !mine.has(row.transaction.lease);
        if (isTaken) report(`${describe(transactionFact(row))} lost the lease of a worker by another one`);
      }
    },
    booked: ({ entries }) => {
      const orders = [...entries.values()].map(({ request }) => request.orderId);
      for (const orderId of new Set(orders)) {
        const times = orders.filter((other) => other === orderId).length;
        if (times > 1) report(`${nameOf(orderId)} is charged ${times} times`);
      }
    },
  };
}

type Describe = (fact: Fact) => string;

function twice(rows: Rows, describe: Describe): string[] {
  const facts = [...rows.values()].map(transactionFact);
  const more = facts.filter((fact, index) => facts.findIndex(({ orderId }) => orderId === fact.orderId) !== index);
  return more.map((fact) => `${describe(fact)} is there twice`);
}

function claimedTwice({ before, after }: Commit<TransactionRow>, describe: Describe): string[] {
  return [...before]
    .filter(([id, row]) => {
      const lease = after.get(id)?.transaction.lease;
      return isHeld(row) && lease !== undefined && lease !== row.transaction.lease;
    })
    .map(([, row]) => `${describe(transactionFact(row))} is claimed while another worker holds it`);
}
