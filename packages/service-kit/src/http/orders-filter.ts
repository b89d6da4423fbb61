import { z } from 'zod';

/** What of a query that may be given once only was given more often. */
export const ONCE = 'must be given once';

const STATUSES = ['PENDING', 'APPROVED', 'REJECTED'] as const;

const instant = (what: string) =>
  z.iso
    .datetime({
      offset: true,
      error: ({ input }) => (Array.isArray(input) ? ONCE : 'must be a time of ISO 8601, such as 2026-01-31T00:00:00Z'),
    })
    .describe(what)
    .optional();

const range = z.object({
  from: instant('orders that were created then or later'),
  to: instant('orders that were created before'),
});

/** The parameters of a query that says which orders are asked for. */
export const ordersFilter = {
  ...range.shape,
  status: z
    .enum(STATUSES, { error: ({ input }) => (Array.isArray(input) ? ONCE : `must be one of: ${STATUSES.join(', ')}`) })
    .optional(),
};

/** For `refine` of a query with them. */
export const fromNotAfterTo = [
  ({ from, to }: z.output<typeof range>): boolean =>
    from === undefined || to === undefined || new Date(from) <= new Date(to),
  {
    ...{ path: ['from'], error: 'must not be after to' },
    // Judged whatever else is wrong, once both can be read.
    when: ({ value }: { value: unknown }): boolean => range.safeParse(value).success,
  },
] as const;
