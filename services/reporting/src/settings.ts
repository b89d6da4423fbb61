import { readConfig, serviceSettings, type ServiceSettings } from '@alpes/service-kit/config';

/** Those of every service; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): ServiceSettings {
  return readConfig(serviceSettings, env);
}
