import { fromNotAfterTo, ONCE, ordersFilter } from '@alpes/service-kit';
import { z } from 'zod';

const format = z.string(ONCE).default('csv');
const toDate = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

export const params = z.object({ id: z.guid('must be a UUID').toLowerCase() });
export const reportQuery = z.object({ format });
export const ordersQuery = z
  .object({ ...ordersFilter, format })
  .refine(...fromNotAfterTo)
  .transform(({ from, to, ...query }) => ({ ...query, from: toDate(from), to: toDate(to) }));
