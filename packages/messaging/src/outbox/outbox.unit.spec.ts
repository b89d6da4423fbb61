import { describe, expect, it, jest } from '@jest/globals';
import type { SqlClient, TransactionalClient } from '../sql.js';
import { createOutbox } from './outbox.js';

const message = { topic: 'orders', key: 'ana', properties: {}, payload: new Uint8Array() };
const client: SqlClient = {
  $queryRawUnsafe: async <T>() => [] as T,
  $executeRawUnsafe: async () => 1,
};
/** Each transaction is another client. */
const prisma: TransactionalClient<SqlClient> = { ...client, $transaction: (work) => work({ ...client }) };

function outboxOf() {
  const onCommit = jest.fn();
  const store = { append: async () => {} };
  return { onCommit, outbox: createOutbox({ prisma, store, transactionTimeoutMs: 1_000, onCommit }) };
}

describe('what an outbox tells of its commits', () => {
  it('tells of a transaction with messages, once it has committed', async () => {
    const { outbox, onCommit } = outboxOf();
    await outbox.inTransaction(async (tx) => {
      await outbox.enqueue(tx, [message]);
      expect(onCommit).not.toHaveBeenCalled();
    });
    expect(onCommit).toHaveBeenCalledTimes(1);
  });

  it('tells nothing of one without: nobody has to look for what is not there', async () => {
    const { outbox, onCommit } = outboxOf();
    await outbox.inTransaction((tx) => outbox.enqueue(tx, []));
    await outbox.inTransaction(async () => {});
    expect(onCommit).not.toHaveBeenCalled();
  });

  it('tells nothing of one that was rolled back', async () => {
    const { outbox, onCommit } = outboxOf();
    const failing = outbox.inTransaction(async (tx) => {
      await outbox.enqueue(tx, [message]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(onCommit).not.toHaveBeenCalled();
  });
});
