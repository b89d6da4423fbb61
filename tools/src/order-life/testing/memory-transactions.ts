import type { Transaction } from '../../../../services/payment/src/domain/transaction.js';
import type { TransactionStore, WorkList } from '../../../../services/payment/src/domain/transaction-store.js';
import type { MemoryDatabase, MemoryTx } from './memory-database.js';

/** Times are in ms. */
export interface TransactionRow {
  readonly transaction: Transaction;
  readonly dueAt: number;
  /** When the lease ends, if there is one. */
  readonly leaseUntil: number;
}

export type PaymentTx = MemoryTx<TransactionRow>;

/** The transactions, as PostgreSQL would keep them. */
export const memoryTransactions: TransactionStore<PaymentTx> = {
  insert: ({ rows }, transactions) => {
    for (const transaction of transactions.toSorted((one, other) => compare(one.orderId, other.orderId))) {
      const isThere = [...rows.values()].some(
        ({ transaction: { orderId, kind } }) => orderId === transaction.orderId && kind === transaction.kind,
      );
      if (isThere) continue;
      if (rows.has(transaction.id)) throw new Error(`there is a transaction ${transaction.id} already`);
      rows.set(transaction.id, { transaction, dueAt: Date.now(), leaseUntil: 0 });
    }
    return Promise.resolve();
  },
  lock: ({ rows }, ids) =>
    Promise.resolve(
      new Map(
        ids.toSorted().flatMap((id) => {
          const row = rows.get(id);
          return row === undefined ? [] : [[id, row.transaction] as const];
        }),
      ),
    ),
  update: ({ rows }, changes) => {
    for (const { transaction, pauseMs } of changes) {
      if (rows.get(transaction.id)?.transaction.state !== 'PENDING') continue;
      const { lease: _over, ...rest } = transaction;
      rows.set(transaction.id, { transaction: rest, dueAt: Date.now() + pauseMs, leaseUntil: 0 });
    }
    return Promise.resolve();
  },
};

interface WorkListOptions {
  readonly database: Pick<MemoryDatabase<TransactionRow>, 'rows' | 'transaction'>;
  readonly leaseMs: number;
  readonly newId: () => string;
  readonly isHeld?: ((row: TransactionRow) => boolean) | undefined;
}

/** Whether a worker has claimed it, and its lease is not over. */
export function isHeld({ transaction, leaseUntil }: TransactionRow): boolean {
  return transaction.lease !== undefined && leaseUntil > Date.now();
}

/** Those that wait for the gateway, as PostgreSQL would give them out. */
export function memoryWorkList({ database, leaseMs, newId, isHeld: isTaken = isHeld }: WorkListOptions): WorkList {
  const pending = (): TransactionRow[] =>
    [...database.rows().values()].filter(({ transaction }) => transaction.state === 'PENDING');
  return {
    pending: () => Promise.resolve(pending().length),
    claim: (limit) =>
      database.transaction('works', ({ rows }) => {
        const lease = newId();
        const due = pending()
          .filter((row) => row.dueAt <= Date.now() && !isTaken(row))
          .toSorted((one, other) => one.dueAt - other.dueAt)
          .slice(0, limit)
          .map((row) => ({ ...row, transaction: { ...row.transaction, lease }, leaseUntil: Date.now() + leaseMs }));
        for (const row of due) rows.set(row.transaction.id, row);
        return Promise.resolve(due.map(({ transaction }) => transaction));
      }),
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
