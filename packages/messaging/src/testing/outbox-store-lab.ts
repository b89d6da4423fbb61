import type { OutboxStore } from '../outbox/store.js';
import type { TransportMessage } from '../publisher.js';

/** An empty outbox store, and how to run transactions in its database. */
export interface OutboxStoreUnderTest<Tx> {
  readonly store: OutboxStore<Tx>;
  /** Commits when `work` resolves, rolls back when it rejects; several may be open at once. */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** What the tests of an outbox store work with. */
export interface OutboxLab<Tx> {
  /** The store of the test that runs. */
  store(): OutboxStore<Tx>;
  inTransaction: OutboxStoreUnderTest<Tx>['inTransaction'];
  /** Appends a message of each key in a transaction of its own. */
  append(...keys: string[]): Promise<void>;
  peekKeys(limit?: number): Promise<string[]>;
}

/** The lab of one suite, whose tests each open a store of their own. */
export function createOutboxLab<Tx>(opened: () => OutboxStoreUnderTest<Tx>): OutboxLab<Tx> {
  const store = () => opened().store;
  const inTransaction: OutboxLab<Tx>['inTransaction'] = (work) => opened().inTransaction(work);
  return {
    ...{ store, inTransaction },
    append: (...keys) => {
      const messages = keys.map((key) => message(key));
      return inTransaction((tx) => store().append(tx, messages));
    },
    peekKeys: async (limit = 10) => (await store().peek(limit)).map((row) => row.message.key),
  };
}

/** A message to append; its payload is its key unless it is said otherwise. */
export function message(key: string, payload: Uint8Array = Buffer.from(key)): TransportMessage {
  return {
    ...{ topic: 'orders', key, payload },
    properties: { ce_id: `id of ${key}`, empty: '' },
  };
}
