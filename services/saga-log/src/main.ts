import { postgresAdapter, runProcess, startService } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';
import { readSettings } from './settings.js';

await runProcess('saga-log', readSettings, (settings, logger) => {
  const prisma = new PrismaClient({ adapter: postgresAdapter(settings) });
  const gaps = { afterMs: settings.GAP_AFTER_MS, windowMs: settings.GAP_WINDOW_MS };
  return startService<Prisma.TransactionClient>({
    ...{ name: 'saga-log', settings, prisma, logger },
    build: (context) => createApp({ ...context, prisma, gaps }),
  });
});
