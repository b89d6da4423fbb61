import { milliseconds, readConfig, serviceSettings } from '@alpes/service-kit/config';
import type { z } from 'zod';

/** What the order service reads. */
export const settings = serviceSettings.safeExtend({
  ORDER_DUE_MS: milliseconds.default(30_000).describe('an order that is not final after this time is late'),
});
export type OrderSettings = z.infer<typeof settings>;

/** All settings of the order service; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): OrderSettings {
  return readConfig(settings, env);
}
