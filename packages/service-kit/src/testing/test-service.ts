import type { SqlClient } from '@alpes/messaging';
import type { PrismaPg } from '@prisma/adapter-pg';
import { readConfig, type ServiceSettings, serviceSettings } from '../config.js';
import { postgresAdapter } from '../database.js';
import { createLogger } from '../logging.js';
import { type App, type DatabaseClient, type ServiceContext, startService } from '../service.js';
import { createTestBed, type TestBed } from './test-bed.js';

/** A service as it runs, on databases of its own. */
export interface TestService<Client> extends Pick<TestBed, 'publish' | 'browse'> {
  readonly prisma: Client;
  /** Waits until it has handled all that was published, and published all that follows. */
  settled(): Promise<void>;
  readonly url: string;
  readonly databaseUrl: string;
  /** Its answer to a request. */
  get(path: string): Promise<Response>;
  /** Its answer to a request with a JSON body. */
  post(path: string, body: unknown): Promise<Response>;
  /** Stops it and removes its databases. */
  stop(): Promise<void>;
}

export interface TestServiceOptions<Tx extends SqlClient, Client extends DatabaseClient<Tx>> {
  readonly name: string;
  /** Folder of the service's migrations. */
  readonly migrations: URL;
  /** Makes its Prisma client. */
  readonly connect: (adapter: PrismaPg) => Client;
  readonly build: (
    context: ServiceContext<Tx> & { readonly prisma: Client; readonly settings: ServiceSettings },
  ) => App<Tx>;
}

/** Starts a service on a test bed, as `startService` does it in its process. */
export async function startTestService<Tx extends SqlClient, Client extends DatabaseClient<Tx>>({
  name,
  migrations,
  connect,
  build,
}: TestServiceOptions<Tx, Client>): Promise<TestService<Client>> {
  const bed = await createTestBed(migrations);
  const settings = readConfig(serviceSettings, bed.env);
  const prisma = connect(postgresAdapter(settings));
  // Prisma imports its engine at the first query, which Jest forbids between a hook and a test: so it is here.
  await prisma.$queryRawUnsafe('SELECT 1');
  const logger = createLogger(name, settings.LOG_LEVEL);
  const running = await startService<Tx>({
    ...{ name, settings, prisma, logger },
    build: (context) => build({ ...context, prisma, settings }),
  });
  const url = `http://127.0.0.1:${running.port}`;
  return {
    ...{ publish: bed.publish, browse: bed.browse, prisma, url, databaseUrl: settings.DATABASE_URL },
    settled: () => bed.settled(name, prisma),
    get: (path) => fetch(`${url}${path}`),
    post: (path, body) =>
      fetch(`${url}${path}`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      }),
    stop: async () => {
      await running.stop();
      await bed.drop();
    },
  };
}
