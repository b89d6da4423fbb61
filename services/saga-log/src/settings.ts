import { milliseconds, serviceSettings } from '@alpes/service-kit';
import { z } from 'zod';

/** All settings of the saga log. */
export const sagaLogSettings = z.object({
  ...serviceSettings.shape,
  GAP_AFTER_MS: milliseconds.default(30_000).describe('a missing version counts as a gap after this time'),
  GAP_WINDOW_MS: milliseconds
    .default(900_000)
    .describe('gaps are looked for below versions that were recorded within this time'),
});
