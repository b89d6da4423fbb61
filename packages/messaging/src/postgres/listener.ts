import { type Backoff, delayAfter, pause } from '../backoff.js';
import { connectListening, type ListeningClient } from './listening-client.js';

export interface ListenerOptions {
  readonly databaseUrl: string;
  readonly channel: string;
  /** Called with the payload of each notification, and with undefined whenever some may have been missed. */
  readonly onNotify: (payload: string | undefined) => void;
  /** How long in ms an answer may take: one that takes longer has lost its connection. 5 s unless told. */
  readonly patienceMs?: number;
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
const NOTIFY = 'SELECT pg_notify($1, p) FROM unnest($2::text[]) AS p';

/** Begins to listen, and begins anew, with growing delays, whenever the connection is lost. */
export function listen({ databaseUrl, channel, onNotify, patienceMs = 5_000 }: ListenerOptions): Listener {
  const stopping = new AbortController();
  const stopped = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  const waiting = new Set<string>();
  let connected: ListeningClient | undefined;
  let sending: Promise<void> | undefined;

  const send = async (): Promise<void> => {
    // In a moment, together with what else is said now.
    await Promise.resolve();
    for (let client = connected; client !== undefined && waiting.size > 0; client = connected) {
      const payloads = [...waiting];
      waiting.clear();
      await client.ask(NOTIFY, [channel, payloads]);
    }
    sending = undefined;
  };

  const listenOnce = async (): Promise<void> => {
    const client = await connectListening(databaseUrl, channel, patienceMs, onNotify);
    connected = client;
    onNotify(undefined);
    sending ??= send();
    await Promise.race([client.ended, stopped]);
    connected = undefined;
    await client.end();
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
