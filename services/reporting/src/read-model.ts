import type { ReadModel } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';

/** What `npm run rebuild -- reporting` makes again, by what `app.ts` says. */
export const readModel: ReadModel<Prisma.TransactionClient, PrismaClient> = {
  connect: (adapter) => new PrismaClient({ adapter }),
  build: createApp,
  tables: { order_reports: { subject: 'id', leftOut: [] } },
};
