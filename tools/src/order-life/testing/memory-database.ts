import { AlpesError, type Outbox, type TransportMessage } from '@alpes/messaging';
import type { How } from './turns.js';

/** What a transaction sees and writes: the rows of the service, and its inbox and outbox. */
export interface MemoryTx<Row> {
  readonly rows: Map<string, Row>;
  readonly inbox: Set<string>;
  readonly outbox: TransportMessage[];
}

/** What a transaction has changed. */
export interface Commit<Row> {
  readonly before: ReadonlyMap<string, Row>;
  readonly after: ReadonlyMap<string, Row>;
}

/** A database in memory, whose transactions are one after the other, and wholly or not at all. */
export interface MemoryDatabase<Row> {
  rows(): ReadonlyMap<string, Row>;
  /** Runs `work` and commits; rolls back and rejects if it is to fail; commits and rejects if its answer is to be lost. */
  transaction<R>(how: How, work: (tx: MemoryTx<Row>) => Promise<R>): Promise<R>;
  readonly outbox: Outbox<MemoryTx<Row>>;
  /** The retention of the inbox has passed. */
  forgetInbox(): void;
}

/** What is in the outbox is published at once: it is the network that is late, or says it again. */
export function createMemoryDatabase<Row>(
  publish: (messages: readonly TransportMessage[]) => void,
  committed: (commit: Commit<Row>) => void,
): MemoryDatabase<Row> {
  let rows: ReadonlyMap<string, Row> = new Map();
  let inbox: ReadonlySet<string> = new Set();
  let isOpen = false;
  const transaction: MemoryDatabase<Row>['transaction'] = async (how, work) => {
    if (isOpen) throw new Error('another transaction is open');
    isOpen = true;
    try {
      const tx: MemoryTx<Row> = { rows: new Map(rows), inbox: new Set(inbox), outbox: [] };
      const result = await work(tx);
      if (how === 'fails') throw new AlpesError('conflict', 'the transaction was rolled back');
      const commit = { before: rows, after: tx.rows };
      ({ rows, inbox } = tx);
      publish(tx.outbox);
      committed(commit);
      if (how === 'is lost') throw new AlpesError('unavailable', 'the connection was lost during the commit');
      return result;
    } finally {
      isOpen = false;
    }
  };
  return {
    transaction,
    rows: () => rows,
    outbox: {
      inTransaction: (work) => transaction('works', work),
      enqueue: (tx, messages) => {
        tx.outbox.push(...messages);
        return Promise.resolve();
      },
    },
    forgetInbox: () => {
      inbox = new Set();
    },
  };
}
