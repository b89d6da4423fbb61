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
   * or dead and now redriven. If another transaction has one of them in hand, waits for its end. Forgets the tries of
   * them all, whose fate that transaction seals. Ids must be distinct.
   */
  claim(tx: Tx, subscription: string, messages: readonly InboxKey[]): Promise<ReadonlySet<string>>;
  /**
   * Records that a message is dead, in the caller's transaction, and forgets its tries. False if it was handled, or is
   * dead, already; a message that was redriven since its death can die again.
   */
  markDead(tx: Tx, subscription: string, message: InboxKey): Promise<boolean>;
  /**
   * Notes, in a transaction of its own, that a consumer is about to handle these messages together, in place of those
   * that it noted before. True if another consumer has noted one of them and may have died of it.
   */
  takeInHand(consumer: string, subscription: string, messageIds: readonly string[]): Promise<boolean>;
  /** Forgets what a consumer noted, which ends in good order. */
  putDown(consumer: string): Promise<void>;
  /** Counts one more try, in a transaction of its own, and returns how many there were with it. */
  countAttempt(subscription: string, messageId: string): Promise<number>;
  /** Takes back the latest count: that try met a transient error. */
  uncountAttempt(subscription: string, messageId: string): Promise<void>;
  /** Keeps the body of a dead message that is too large to be published again. */
  keepLargeBody(tx: Tx, subscription: string, messageId: string, body: Uint8Array): Promise<void>;
}
