import { z } from 'zod';
import { atMost } from './text-length.js';

const id = z.guid('must be a UUID').toLowerCase();
const keyRule = 'must have 1 to 255 characters';

const once = 'must be given once';
const format = z
  .string(once)
  .meta({ examples: ['csv', 'json'] })
  .optional();
const STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const;
const instant = (what: string) =>
  z.iso
    .datetime({
      offset: true,
      error: ({ input }) => (Array.isArray(input) ? once : 'must be a time of ISO 8601, such as 2026-01-31T00:00:00Z'),
    })
    .describe(what)
    .optional();
const range = z.object({
  from: instant('orders that were created then or later'),
  to: instant('orders that were created before'),
});

export const params = z.object({ id });
export const reportQuery = z.strictObject({ id, format });
export const ordersQuery = z
  .strictObject({
    ...range.shape,
    status: z
      .enum(STATUSES, {
        error: ({ input }) => (Array.isArray(input) ? once : `must be one of: ${STATUSES.join(', ')}`),
      })
      .optional(),
    format,
  })
  .refine(({ from, to }) => from === undefined || to === undefined || new Date(from) <= new Date(to), {
    ...{ path: ['from'], error: 'must not be after to' },
    // Judged whatever else is wrong, once both can be read.
    when: ({ value }) => range.safeParse(value).success,
  });
export type OrdersQuery = z.infer<typeof ordersQuery>;
export const headers = z.object({ 'idempotency-key': atMost(255, z.string().min(1, keyRule), keyRule).optional() });
