/** A message as the inbox knows it. */
export interface InboxKey {
  readonly messageId: string;
  /** How often an operator sent it again; lets it pass where it is dead with a lower number. */
  readonly redrive: number;
}

/** What became of a message. */
export interface Fate {
  /** `dropped`: dead, and an operator has decided that it stays so. */
  readonly outcome: 'done' | 'dead' | 'dropped';
  /** The redrive with which it was handled, or died last. */
  readonly redrive: number;
  /** Number of its latest redrive: above `redrive`, while that is on its way. */
  readonly redriven: number;
}

/** What an operator asks about the dead, and does with them. Ids that are given together must be distinct. */
export interface FateStore<Tx> {
  /** The fates of messages by their ids; of those that it does not know, or no longer, none. */
  fatesOf(subscription: string, messageIds: readonly string[]): Promise<ReadonlyMap<string, Fate>>;
  /** The same; they stay so until the transaction ends. Waits for those who have one of the messages in hand. */
  holdFates(tx: Tx, subscription: string, messageIds: readonly string[]): Promise<ReadonlyMap<string, Fate>>;
  /**
   * Records that messages that died with this redrive are sent again with the next one, which `claim` will let pass; those
   * that it does not know it writes down as dead, the dropped are dead again. Returns the ids of those for which it has
   * done so: never one that was handled, died of a later redrive, or was redriven already.
   */
  markRedriven(tx: Tx, subscription: string, messages: readonly InboxKey[]): Promise<ReadonlySet<string>>;
  /** Records that messages that died with this redrive stay dead. Returns the ids of those that were, and are not on their way. */
  markDropped(tx: Tx, subscription: string, messages: readonly InboxKey[]): Promise<ReadonlySet<string>>;
  /**
   * The body of a dead message that was too large for its letter; undefined if it is not, or no longer, kept. Read within
   * the transaction, where one is given.
   */
  largeBody(subscription: string, messageId: string, tx?: Tx): Promise<Uint8Array | undefined>;
  /** How many messages are dead, and neither on their way nor dropped. */
  countDead(subscription: string): Promise<number>;
}

/** Remembers per subscription which messages were handled, and how often one was tried. */
export interface InboxStore<Tx> extends FateStore<Tx> {
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
  /**
   * Counts one more try, in a transaction of its own, and returns how many there were with it. Undefined, and counts
   * nothing, if the message needs none: it was handled, or is dead and was not redriven since.
   */
  countAttempt(subscription: string, message: InboxKey): Promise<number | undefined>;
  /** Takes back the latest count: that try met a transient error. */
  uncountAttempt(subscription: string, messageId: string): Promise<void>;
  /** Keeps the body of a dead message that is too large to be published again. */
  keepLargeBody(tx: Tx, subscription: string, messageId: string, body: Uint8Array): Promise<void>;
}
