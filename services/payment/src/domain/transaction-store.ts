import type { Transaction } from './transaction.js';

/** A change of a transaction, and how long in ms nobody asks the gateway again if it is still pending. */
export interface TransactionChange {
  readonly transaction: Transaction;
  readonly pauseMs: number;
}

/** The transactions, within a database transaction. */
export interface TransactionStore<Tx> {
  /** Adds those whose order has none of that kind, due at once. */
  insert(tx: Tx, transactions: readonly Transaction[]): Promise<void>;
  /** Reads the transactions with these ids and locks their rows, in the order of the ids. */
  lock(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Transaction>>;
  /** Writes transactions that are locked, each once; whoever held a lease on them holds it no more. */
  update(tx: Tx, changes: readonly TransactionChange[]): Promise<void>;
}

/** The transactions that wait for the gateway, as replicas share them. */
export interface WorkList {
  /** Takes up to `limit` of those that are due and that nobody works on, the longest due first, under one lease. */
  claim(limit: number): Promise<readonly Transaction[]>;
  /** How many wait, those that somebody works on included. */
  pending(): Promise<number>;
}
