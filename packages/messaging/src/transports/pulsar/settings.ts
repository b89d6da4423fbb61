/** Settings of the transports to Apache Pulsar, beside those that every transport has. */
export interface PulsarSettings {
  /** Owns the namespace. */
  readonly tenant: string;
  /** Holds the topics, and says how long they are kept. */
  readonly namespace: string;
  /**
   * URL of the admin API. Without it the broker's own host, which is right where nothing lies in between, at its own port if
   * that is the WebSocket API's, else at 8080, with TLS 8443.
   */
  readonly adminUrl?: string | undefined;
  /** A token (JWT) that says who we are; without it we are nobody. */
  readonly token?: string | undefined;
  /** Certificates (PEM) of the authorities that are trusted instead of those that Node trusts. */
  readonly tlsCa?: string | undefined;
}

export const DEFAULT_PULSAR_SETTINGS: PulsarSettings = { tenant: 'alpes', namespace: 'alpes' };
