import type { ReadModel } from '@alpes/service-kit';
import { createApp } from './app.js';
import { type Prisma, PrismaClient } from './gen/prisma/client.js';

/** Gaps are counted for a metric that nobody asks for here. */
const NO_GAPS = { afterMs: 1, windowMs: 1 };

/** What `npm run rebuild -- saga-log` makes again, by what `app.ts` says. */
export const readModel: ReadModel<Prisma.TransactionClient, PrismaClient> = {
  connect: (adapter) => new PrismaClient({ adapter }),
  build: (context) => createApp({ ...context, gaps: NO_GAPS }),
  tables: { steps: { subject: 'order_id', leftOut: ['recorded_at'] } },
};
