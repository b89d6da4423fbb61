import { z } from 'zod';
import { atMost } from './text-length.js';

const id = z.guid('must be a UUID').toLowerCase();
const keyRule = 'must have 1 to 255 characters';

export const params = z.object({ id });
export const reportQuery = z.strictObject({
  id,
  format: z
    .string('must be given once')
    .meta({ examples: ['csv', 'json'] })
    .optional(),
});
export const headers = z.object({ 'idempotency-key': atMost(255, z.string().min(1, keyRule), keyRule).optional() });
