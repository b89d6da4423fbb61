import {
  connectBroker,
  createHttpServer,
  createRegistry,
  type Logger,
  postgresAdapter,
  type RunningProcess,
} from '@alpes/service-kit';
import { createApp } from './app.js';
import { PrismaClient } from './gen/prisma/client.js';
import type { BffSettings } from './settings.js';

/** Starts the BFF. Waits neither for its database nor for the broker. */
export async function startBff(settings: BffSettings, logger: Logger): Promise<RunningProcess> {
  const transport = connectBroker(settings);
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  const registry = createRegistry('bff');
  const { routes, checks, workers } = createApp({ settings, transport, prisma, logger, registry });
  const http = createHttpServer({ logger, registry, settings, routes, checks });
  const port = await http.listen(settings.HOST, settings.PORT);
  for (const worker of workers) worker.start();
  return {
    port,
    stop: async () => {
      await Promise.all([http.close(), ...workers.map((worker) => worker.stop())]);
      await transport.close();
      await prisma.$disconnect();
    },
  };
}
