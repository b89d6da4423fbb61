import type { InboxKey, InboxStore } from '../inbox/store.js';

/** An empty inbox store, and how to run transactions in its database. */
export interface InboxStoreUnderTest<Tx> {
  readonly store: InboxStore<Tx>;
  /** Commits when `work` resolves, rolls back when it rejects; several may be open at once. */
  inTransaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

/** What the tests of an inbox store work with. */
export interface InboxLab<Tx> {
  /** The store of the test that runs. */
  store(): InboxStore<Tx>;
  inTransaction: InboxStoreUnderTest<Tx>['inTransaction'];
  /** Claims in a transaction of its own, for the subscription `order` unless it is said otherwise. */
  claim(messages: readonly InboxKey[], subscription?: string): Promise<string[]>;
  /** Marks in a transaction of its own, for the subscription `order` unless it is said otherwise. */
  markDead(message: InboxKey, subscription?: string): Promise<boolean>;
}

/** The lab of one suite, whose tests each open a store of their own. */
export function createInboxLab<Tx>(opened: () => InboxStoreUnderTest<Tx>): InboxLab<Tx> {
  const store = () => opened().store;
  const inTransaction: InboxLab<Tx>['inTransaction'] = (work) => opened().inTransaction(work);
  return {
    ...{ store, inTransaction },
    claim: async (messages, subscription = 'order') => [
      ...(await inTransaction((tx) => store().claim(tx, subscription, messages))),
    ],
    markDead: (message, subscription = 'order') => inTransaction((tx) => store().markDead(tx, subscription, message)),
  };
}

/** A message as it came first, or as it comes again with a redrive. */
export function key(messageId: string, redrive = 0): InboxKey {
  return { messageId, redrive };
}
