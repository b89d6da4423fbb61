import { z } from 'zod';

const STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const;
const once = 'must be given once';

const instant = z.iso
  .datetime({
    offset: true,
    error: ({ input }) => (Array.isArray(input) ? once : 'must be a time of ISO 8601, such as 2026-01-31T00:00:00Z'),
  })
  .transform((text) => new Date(text));

const format = z.string(once).default('csv');
const range = z.object({ from: instant.optional(), to: instant.optional() });
type Range = z.output<typeof range>;

export const params = z.object({ id: z.guid('must be a UUID').toLowerCase() });
export const reportQuery = z.object({ format });
export const ordersQuery = z
  .object({
    ...range.shape,
    status: z
      .enum(STATUSES, {
        error: ({ input }) => (Array.isArray(input) ? once : `must be one of: ${STATUSES.join(', ')}`),
      })
      .optional(),
    format,
  })
  .refine(({ from, to }) => (from as Date) <= (to as Date), {
    ...{ path: ['from'], error: 'must not be after to' },
    // Judged whatever else is wrong, once both can be read.
    when: ({ value }) => [(value as Range).from, (value as Range).to].every((time) => time instanceof Date),
  });
