import { readConfig, serviceSettings as settings, type ServiceSettings } from '@alpes/service-kit/config';

export { settings };

/** Those of every service; throws `configuration` with everything that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): ServiceSettings {
  return readConfig(settings, env);
}
