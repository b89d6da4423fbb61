/** What a key stands for. */
export interface KeyUse {
  readonly bodyHash: string;
  readonly orderId: string;
}

/** Remembers what each client's idempotency keys were used for. */
export interface IdempotencyStore {
  /** Uses the key for this, unless it stands for something already; returns what it stands for. */
  claim(clientId: number, key: string, use: KeyUse): Promise<KeyUse>;
  /** Forgets up to `limit` keys that have expired; returns how many. */
  deleteExpired(limit: number): Promise<number>;
}
