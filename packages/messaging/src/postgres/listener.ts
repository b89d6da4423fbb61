import { Client } from 'pg';
import { type Backoff, delayAfter, pause } from '../backoff.js';

export interface ListenerOptions {
  readonly databaseUrl: string;
  readonly channel: string;
  /** Called with the payload of each notification, and with undefined whenever some may have been missed. */
  readonly onNotify: (payload: string | undefined) => void;
}

/** A connection of its own that listens on one channel. Notifications only save waiting: whoever uses it also polls. */
export interface Listener {
  /**
   * Tells the listeners of all processes, this one included, in a transaction of its own; payloads that come together
   * go as one statement, equal ones once. They wait for a connection, and may be lost with one.
   */
  notify(payload: string): void;
  /** Sends what waits, if there is a connection, and ends it. */
  close(): Promise<void>;
}

const RECONNECT: Backoff = { firstMs: 100, maxMs: 5_000 };
const ANSWER_TIMEOUT_MS = 5_000;
const NOTIFY = 'SELECT pg_notify($1, p) FROM unnest($2::text[]) AS p';

/** Begins to listen, and begins anew, with growing delays, whenever the connection is lost. */
export function listen({ databaseUrl, channel, onNotify }: ListenerOptions): Listener {
  const stopping = new AbortController();
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  const waiting = new Set<string>();
  let connected: Client | undefined;
  let sending: Promise<void> | undefined;

  const send = async (): Promise<void> => {
    // In a moment, together with what else is said now.
    await Promise.resolve();
    for (let client = connected; client !== undefined && waiting.size > 0; client = connected) {
      const payloads = [...waiting];
      waiting.clear();
      await client.query(NOTIFY, [channel, payloads]).catch(() => {});
    }
    sending = undefined;
  };

  const listenOnce = async (): Promise<void> => {
    const client = createClient(databaseUrl);
    const ended = new Promise((resolve) => client.once('end', resolve).on('error', resolve));
    client.on('notification', ({ payload }) => {
      onNotify(payload);
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      connected = client;
      onNotify(undefined);
      sending ??= send();
      await Promise.race([ended, stopped]);
    } finally {
      connected = undefined;
      await client.end().catch(() => {});
    }
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      failures = await listenOnce().then(
        () => 1,
        () => failures + 1,
      );
      await pause(delayAfter(failures, RECONNECT), stopping.signal);
    }
  };

  const running = run();
  return {
    notify: (payload) => {
      waiting.add(payload);
      sending ??= send();
    },
    close: async () => {
      await sending;
      stopping.abort();
      await running;
    },
  };
}

function createClient(connectionString: string): Client {
  return new Client({
    connectionString,
    keepAlive: true,
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    application_name: 'alpes listener',
  });
}
