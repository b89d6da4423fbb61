import { catalogue, CrearLogSchema } from '@alpes/contracts';
import { childTraceparent } from '@alpes/messaging';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

const INSERT = `INSERT INTO messaging.outbox (topic, key, properties, payload) VALUES ($1, $2, $3, $4)`;

/**
 * Opens a transaction that has put a message into the outbox, over a connection that knows no limits of time, and leaves
 * it open until the returned function commits it. `source` is the service whose database it is.
 */
export async function holdTransaction(databaseUrl: string, source: string): Promise<() => Promise<void>> {
  const orderId = randomUUID();
  const cause = { id: orderId, correlationId: orderId, traceparent: childTraceparent() };
  const body = { orderId, entity: 'bench', state: 'HELD', detail: 'a transaction that was open for long' };
  const { topic, key, properties, payload } = catalogue.compose(CrearLogSchema, body, { source, cause });
  const client = new Client({ connectionString: databaseUrl, application_name: 'alpes bench' });
  await client.connect();
  await client.query('BEGIN');
  await client.query(INSERT, [topic, key, properties, Buffer.from(payload)]);
  return async () => {
    await client.query('COMMIT');
    await client.end();
  };
}
