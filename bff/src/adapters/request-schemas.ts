import { fromNotAfterTo, ONCE, ordersFilter } from '@alpes/service-kit';
import { z } from 'zod';
import { atMost } from './text-length.js';

const id = z.guid('must be a UUID').toLowerCase();
const keyRule = 'must have 1 to 255 characters';

const format = z
  .string(ONCE)
  .meta({ examples: ['csv', 'json'] })
  .optional();

export const params = z.object({ id });
export const reportQuery = z.strictObject({ id, format });
export const ordersQuery = z.strictObject({ ...ordersFilter, format }).refine(...fromNotAfterTo);
export type OrdersQuery = z.infer<typeof ordersQuery>;
export const headers = z.object({ 'idempotency-key': atMost(255, z.string().min(1, keyRule), keyRule).optional() });
