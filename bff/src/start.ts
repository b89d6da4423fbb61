import { catalogue } from '@alpes/contracts';
import {
  connectBroker,
  createHttpServer,
  createRegistry,
  type Logger,
  postgresAdapter,
  type RunningProcess,
  watchBroker,
} from '@alpes/service-kit';
import { createApp } from './app.js';
import { PrismaClient } from './gen/prisma/client.js';
import type { BffSettings } from './settings.js';

/** Starts the BFF. Waits neither for its database nor for the broker. */
export async function startBff(settings: BffSettings, logger: Logger): Promise<RunningProcess> {
  const transport = connectBroker(settings);
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  const registry = createRegistry('bff');
  const broker = watchBroker(transport, catalogue.topicsOf('bff'), logger);
  const { routes, lanes, checks, workers } = createApp({ settings, transport, broker, prisma, logger, registry });
  const http = createHttpServer({ logger, registry, settings, routes, lanes, checks });
  const port = await http.listen(settings.HOST, settings.PORT);
  for (const worker of workers) worker.start();
  return {
    port,
    stop: async () => {
      broker.stop();
      await Promise.all([http.close(), ...workers.map((worker) => worker.stop())]);
      await transport.close();
      await prisma.$disconnect();
    },
  };
}
