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
  /** Tells the listeners of all processes, in a transaction of its own; payloads that come together go as one statement. */
  notify(payload: string): void;
  close(): Promise<void>;
}

const RECONNECT: Backoff = { firstMs: 100, maxMs: 5_000 };

/** Begins to listen, and begins anew, with growing delays, whenever the connection is lost. */
export function listen({ databaseUrl, channel, onNotify }: ListenerOptions): Listener {
  const stopping = new AbortController();
  const waiting = new Set<string>();
  let client: Client | undefined;
  let sending = false;

  const connectOnce = async (): Promise<void> => {
    const fresh = new Client({ connectionString: databaseUrl, keepAlive: true, connectionTimeoutMillis: 5_000 });
    const ended = new Promise<void>((resolve) => {
      fresh.once('end', resolve);
      fresh.on('error', () => {
        resolve();
      });
    });
    try {
      await fresh.connect();
      fresh.on('notification', ({ payload }) => {
        onNotify(payload);
      });
      await fresh.query(`LISTEN ${channel}`);
      client = fresh;
      onNotify(undefined);
      await Promise.race([ended, aborted(stopping.signal)]);
    } finally {
      client = undefined;
      await fresh.end().catch(() => {});
    }
  };

  const run = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      failures = await connectOnce().then(
        () => 1,
        () => failures + 1,
      );
      await pause(delayAfter(failures, RECONNECT), stopping.signal);
    }
  };

  const send = async (): Promise<void> => {
    sending = true;
    while (waiting.size > 0 && client !== undefined) {
      const payloads = [...waiting];
      waiting.clear();
      await client.query('SELECT pg_notify($1, p) FROM unnest($2::text[]) AS p', [channel, payloads]).catch(() => {});
    }
    waiting.clear();
    sending = false;
  };

  const running = run();
  return {
    notify: (payload) => {
      waiting.add(payload);
      if (!sending) void send();
    },
    close: async () => {
      stopping.abort();
      await running;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
