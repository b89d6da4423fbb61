import { postgresAdapter, runProcess, startService } from '@alpes/service-kit';
import { gateways } from './adapters/payment-gateway/index.js';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';
import { readSettings } from './settings.js';

await runProcess('payment', readSettings, async (settings, logger) => {
  const gateway = gateways[settings.GATEWAY].open(process.env);
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  const service = await startService<Prisma.TransactionClient>({
    ...{ name: 'payment', settings, prisma, logger },
    build: (context) => createApp({ ...context, prisma, gateway, settings }),
  });
  return {
    port: service.port,
    stop: async () => {
      await service.stop();
      await gateway.close();
    },
  };
});
