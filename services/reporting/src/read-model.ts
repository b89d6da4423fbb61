import { exportSettings, type ReadModel } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';

/** Nobody asks for one of what is being made again. */
const NO_EXPORTS = exportSettings.parse({});

/** What `npm run rebuild -- reporting` makes again, by what `app.ts` says. */
export const readModel: ReadModel<Prisma.TransactionClient, PrismaClient> = {
  connect: (adapter) => new PrismaClient({ adapter }),
  build: (context) => createApp({ ...context, settings: { ...NO_EXPORTS, ...context.settings } }),
  tables: { order_reports: { subject: 'id', leftOut: [] } },
};
