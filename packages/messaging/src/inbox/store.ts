/** A message as the inbox knows it. */
export interface InboxKey {
  readonly messageId: string;
  /** How often an operator sent it again; lets it pass where it is dead with a lower number. */
  readonly redrive: number;
}

/** Remembers per subscription which messages were handled, and how often one was tried. */
export interface InboxStore<Tx> {
  /**
   * Takes messages in the transaction of their effects and returns the ids of those that have had none: never handled,
   * or dead and now redriven. If another transaction has one of them in hand, waits for its end. Ids must be distinct.
   */
  claim(tx: Tx, subscription: string, messages: readonly InboxKey[]): Promise<ReadonlySet<string>>;
  /** Records that a message is dead, in the caller's transaction. False if it was handled, or is dead, already. */
  markDead(tx: Tx, subscription: string, message: InboxKey): Promise<boolean>;
  /** Counts one more try, in a transaction of its own, and returns how many there were with it. */
  countAttempt(subscription: string, messageId: string): Promise<number>;
  /** Forgets the tries of a message whose fate the caller's transaction seals. */
  clearAttempts(tx: Tx, subscription: string, messageId: string): Promise<void>;
  /** Keeps the body of a dead message that is too large to be published again. */
  keepLargeBody(tx: Tx, subscription: string, messageId: string, body: Uint8Array): Promise<void>;
}
