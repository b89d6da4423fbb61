import { createHttpServer, createRegistry, type Logger, type RunningProcess } from '@alpes/service-kit';
import { createApp } from './app.js';
import type { FakerSettings } from './settings.js';

/** Starts the process. */
export async function startClientFaker(settings: FakerSettings, logger: Logger): Promise<RunningProcess> {
  const app = createApp({ bffUrl: settings.BFF_URL });
  const http = createHttpServer({ logger, settings, registry: createRegistry('client-faker'), ...app });
  return { port: await http.listen(settings.HOST, settings.PORT), stop: () => http.close() };
}
