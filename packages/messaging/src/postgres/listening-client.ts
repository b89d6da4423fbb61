import { Client } from 'pg';
import { within } from '../within.js';

/** A connection that ends itself when it fails to answer: it hears nothing then either. */
export interface ListeningClient {
  /** Runs a statement. Never rejects: one that fails ends the connection. */
  ask(sql: string, values?: unknown[]): Promise<void>;
  /** Resolves when the connection is no more. */
  readonly ended: Promise<unknown>;
  end(): Promise<void>;
}

/** Each so many times the patience a connection on which nothing is said has to show that it still answers. */
const PATIENCES_BETWEEN_PROOFS = 3;

/** Connects and listens on one channel. An answer that takes longer than `patienceMs` ms does not come any more. */
export async function connectListening(
  connectionString: string,
  channel: string,
  patienceMs: number,
  onNotify: (payload: string | undefined) => void,
): Promise<ListeningClient> {
  const client = new Client({
    ...{ connectionString, keepAlive: true, application_name: 'alpes listener' },
    ...{ connectionTimeoutMillis: patienceMs, query_timeout: patienceMs },
  });
  const ended = new Promise((resolve) => client.once('end', resolve).on('error', resolve));
  client.on('notification', ({ payload }) => {
    onNotify(payload);
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    await end(client, patienceMs);
    throw error;
  }
  const ask: ListeningClient['ask'] = async (sql, values = []) => {
    await client.query(sql, values).catch(() => end(client, patienceMs));
  };
  const proving = setInterval(() => void ask('SELECT 1'), PATIENCES_BETWEEN_PROOFS * patienceMs);
  return {
    ...{ ask, ended },
    end: async () => {
      clearInterval(proving);
      await end(client, patienceMs);
    },
  };
}

/** Who has gone silent does not say goodbye. */
async function end(client: Client, patienceMs: number): Promise<void> {
  await within(
    patienceMs,
    client.end().catch(() => {}),
  );
  client.connection?.stream.destroy();
}
