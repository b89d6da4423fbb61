import { postgresAdapter, readConfig, runProcess, serviceSettings, startService } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';

const readSettings = (env: NodeJS.ProcessEnv) => readConfig(serviceSettings, env);

await runProcess('order', readSettings, (settings, logger) => {
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  return startService<Prisma.TransactionClient>({
    ...{ name: 'order', settings, prisma, logger },
    build: (context) => createApp({ ...context, prisma }),
  });
});
