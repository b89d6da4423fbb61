import { postgresAdapter, runProcess, startService } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';
import { readSettings } from './settings.js';

await runProcess('reporting', readSettings, (settings, logger) => {
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  return startService<Prisma.TransactionClient>({
    ...{ name: 'reporting', settings, prisma, logger },
    build: (context) => createApp({ ...context, prisma, settings }),
  });
});
