import { passCrashPoint } from '../crash-points.js';
import { AlpesError } from '../errors.js';
import type { TransportMessage } from '../publisher.js';
import type { SqlClient, TransactionalClient } from '../sql.js';
import type { OutboxStore } from './store.js';

export interface Outbox<Tx> {
  /**
   * Runs `work` in one transaction and wakes the relay once messages of it are committed; Prisma itself tells nobody of a commit.
   * Rows and messages of `work` exist together or not at all. Rejects with what `work` throws; and if it swallows the
   * error of a statement, for after that PostgreSQL answers a COMMIT with a rollback, which Prisma takes for success.
   * Rejects with `unavailable` when a database that has gone silent keeps `work` waiting for twice the longest time of a
   * transaction; whether it was committed is not known then, as after any connection that is lost during a COMMIT.
   */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  /**
   * Adds messages to the outbox in the caller's transaction. Who emits for an aggregate holds the lock of its row
   * first: only then do the ids of its messages follow the order of its commits.
   */
  enqueue(tx: Tx, messages: readonly TransportMessage[]): Promise<void>;
}

export interface OutboxOptions<Tx extends SqlClient> {
  readonly prisma: TransactionalClient<Tx>;
  readonly store: Pick<OutboxStore<Tx>, 'append'>;
  /** Longest time in ms that a transaction may take, and that it may wait for a connection. */
  readonly transactionTimeoutMs: number;
  /** Called when messages were committed. */
  readonly onCommit: () => void;
}

export function createOutbox<Tx extends SqlClient>(options: OutboxOptions<Tx>): Outbox<Tx> {
  const { prisma, store, transactionTimeoutMs, onCommit } = options;
  /** Transactions in which there are messages. */
  const filled = new WeakSet<Tx>();
  const limits = { timeout: transactionTimeoutMs, maxWait: transactionTimeoutMs };
  return {
    inTransaction: async (work) => {
      let isFilled = false;
      const transaction = prisma.$transaction(async (tx) => {
        const done = await work(tx);
        isFilled = filled.has(tx);
        await assertCommittable(tx);
        passCrashPoint('before-commit');
        return done;
      }, limits);
      const result = await orGiveUp(transaction, limits.maxWait + limits.timeout);
      passCrashPoint('after-commit');
      if (isFilled) onCommit();
      return result;
    },
    enqueue: async (tx, messages) => {
      await store.append(tx, messages);
      if (messages.length > 0) filled.add(tx);
    },
  };
}

/** A transaction in which a statement has failed takes no other one. */
async function assertCommittable(tx: SqlClient): Promise<void> {
  try {
    await tx.$executeRawUnsafe('SELECT 1');
  } catch (thrown) {
    const error = AlpesError.from(thrown);
    if (error.nature === 'transient') throw error;
    const text = 'a statement of the transaction failed and its error was swallowed: nothing can be committed';
    throw new AlpesError('unknown', text, { cause: thrown });
  }
}

/** Prisma's own limits reject only what is asked of it after them, not a `work` that waits for an answer. */
async function orGiveUp<R>(transaction: Promise<R>, ms: number): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new AlpesError('unavailable', `the transaction did not end within ${ms} ms: the database is silent`));
    }, ms);
  });
  try {
    return await Promise.race([transaction, silence]);
  } finally {
    clearTimeout(timer);
  }
}
