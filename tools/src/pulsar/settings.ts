import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { milliseconds, port, readConfig } from '@alpes/service-kit/config';
import { z } from 'zod';

/** What `npm run pulsar` reads. */
export const pulsarSettings = z.object({
  DATA_DIR: z.string().default('.data').describe('folder of all data; the broker has "pulsar" in it'),
  PULSAR_PORT: port.default(6650).describe('port of the binary protocol; 0 takes any'),
  PULSAR_HTTP_PORT: port.default(8080).describe('port of the admin API and the WebSocket API; 0 takes any'),
  PULSAR_CACHE_DIR: z.string().optional().describe('where the distribution is kept; by default ~/.cache/alpes'),
  PULSAR_IDLE_MS: milliseconds
    .min(8_000)
    .default(20_000)
    .describe('after about this time a consumer that stands still loses its partitions'),
  PULSAR_TOKEN_KEY: z
    .string()
    .optional()
    .describe(
      'file with the key that tokens are signed with, as `pulsar tokens create-secret-key` makes it; with it nobody may do anything but by the rights of his role, and the role "admin" everything',
    ),
  PULSAR_MEM: z
    .string()
    .default('-Xms128m -Xmx700m -XX:MaxDirectMemorySize=700m')
    .describe('memory of the broker, as options of Java'),
});

/** What `npm run pulsar` was told, checked. */
export interface PulsarServerSettings {
  /** Holds the broker's data. */
  readonly folder: string;
  /** 0 takes any that is free. */
  readonly ports: { readonly binary: number; readonly http: number };
  readonly cacheDir: string;
  /** How long in ms a connection may be idle. */
  readonly idleMs: number;
  readonly tokenKeyFile: string | undefined;
  readonly memory: string;
}

/** Reads the environment; throws `configuration` with all that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): PulsarServerSettings {
  const settings = readConfig(pulsarSettings, env);
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return {
    folder: resolve(settings.DATA_DIR, 'pulsar'),
    ports: { binary: settings.PULSAR_PORT, http: settings.PULSAR_HTTP_PORT },
    cacheDir: resolve(settings.PULSAR_CACHE_DIR ?? join(cache, 'alpes')),
    idleMs: settings.PULSAR_IDLE_MS,
    tokenKeyFile: settings.PULSAR_TOKEN_KEY && resolve(settings.PULSAR_TOKEN_KEY),
    memory: settings.PULSAR_MEM,
  };
}
