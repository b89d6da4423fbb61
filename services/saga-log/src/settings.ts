import { milliseconds, readConfig, serviceSettings } from '@alpes/service-kit/config';
import type { z } from 'zod';

/** What the saga log reads. */
export const settings = serviceSettings.safeExtend({
  GAP_AFTER_MS: milliseconds.default(30_000).describe('a missing version counts as a gap after this time'),
  GAP_WINDOW_MS: milliseconds
    .default(900_000)
    .describe('gaps are looked for below versions that were recorded within this time'),
});
export type SagaLogSettings = z.infer<typeof settings>;

/** All settings of the saga log; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): SagaLogSettings {
  return readConfig(settings, env);
}
