import { catalogue } from '@alpes/contracts';
import { connectTransport, migrate, type Transport } from '@alpes/messaging';
import { createTestDatabase, eventually, type TestDatabase } from '@alpes/messaging/testing';
import { createLogger } from '@alpes/service-kit';
import { fileURLToPath } from 'node:url';
import { readSettings } from '../settings.js';
import { startBff } from '../start.js';

const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** A BFF on real databases of its own, with a look behind it. */
export interface TestBff {
  readonly url: string;
  readonly database: TestDatabase;
  readonly brokerDatabase: TestDatabase;
  readonly broker: Transport;
  /** Posts to /orders, as JSON unless it is a text. */
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts a BFF as main.ts does; without settings there are no other services. */
export async function startTestBff(settings: Record<string, string> = {}): Promise<TestBff> {
  const [database, brokerDatabase] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const brokerUrl = `embedded:${brokerDatabase.url}`;
  const broker = connectTransport(brokerUrl);
  await Promise.all([migrate(database.url, MIGRATIONS), broker.declare(catalogue.topology())]);
  const env = {
    ...{ PORT: '0', DATABASE_URL: database.url, BROKER_URL: brokerUrl },
    ...{ ORDER_URL: NOWHERE, REPORTING_URL: NOWHERE, SAGA_LOG_URL: NOWHERE },
    ...settings,
  };
  const running = await startBff(readSettings(env), createLogger('bff', 'silent'));
  const url = `http://127.0.0.1:${running.port}`;
  await eventually(async () => (await fetch(`${url}/health/ready`)).ok, { what: 'the BFF is ready' });
  return {
    ...{ url, database, brokerDatabase, broker },
    post: (body, headers) => post(url, body, headers),
    get: (path, headers = {}) => fetch(url + path, { headers }),
    stop: async () => {
      await running.stop();
      await broker.close();
      await Promise.all([database.drop(), brokerDatabase.drop()]);
    },
  };
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
