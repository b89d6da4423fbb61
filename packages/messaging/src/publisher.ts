/** A message as it travels: bare payload, everything else in the properties (see envelope.ts). */
export interface TransportMessage {
  readonly topic: string;
  /** Messages of one key keep their order. */
  readonly key: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

/** Publishes messages to their topics. */
export interface Publisher {
  /**
   * Publishes a batch. The result says for each message, by its place in the batch, why it was not confirmed; undefined
   * means that the broker has it durably. Of each topic and key the confirmed messages are a prefix of the batch's, in
   * its order: where one fails, none behind it is confirmed. A message that failed may still have been stored. Never
   * rejects for what concerns the broker.
   */
  publish(messages: readonly TransportMessage[]): Promise<readonly (Error | undefined)[]>;
}
