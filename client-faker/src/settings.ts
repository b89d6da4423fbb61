import { httpUrl, port, processSettings, readConfig } from '@alpes/service-kit/config';
import { z } from 'zod';

/** What the process reads. */
export const settings = z.object({
  ...processSettings.shape,
  PORT: port.default(3_010).describe('port of the HTTP server; 0 lets the system choose'),
  BFF_URL: httpUrl.default('http://127.0.0.1:3000').describe('where orders are placed'),
});
export type FakerSettings = z.infer<typeof settings>;

/** All settings of the process; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): FakerSettings {
  return readConfig(settings, env);
}
