import { postgresAdapter, readConfig, runProcess, serviceSettings, startService } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';

await runProcess('reporting', (env, logger) => {
  const settings = readConfig(serviceSettings, env);
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  return startService<Prisma.TransactionClient>({
    ...{ name: 'reporting', settings, prisma, logger },
    build: (context) => createApp({ ...context, prisma }),
  });
});
