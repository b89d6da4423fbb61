import { exportSettings, readConfig, serviceSettings } from '@alpes/service-kit/config';
import type { z } from 'zod';

/** What reporting reads: what every service does, and the limits of its exports. */
export const settings = serviceSettings.safeExtend(exportSettings.shape);
export type ReportingSettings = z.infer<typeof settings>;

/** All of them; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): ReportingSettings {
  return readConfig(settings, env);
}
