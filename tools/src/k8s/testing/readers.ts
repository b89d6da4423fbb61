import { brokerSettings, type BrokerSettings, readConfig, type ServiceSettings } from '@alpes/service-kit';
import { join } from 'node:path';
import type { z } from 'zod';
import { readTargets } from '../../migrate/arguments.js';
import { databaseVariable } from '../../start/config.js';
import { databaseNames, folderOf, programOf, root, scalable } from '../../start/system.js';

/** How a program reads its environment. */
export interface Reader {
  /** Its program, as a path from the root. */
  readonly program: string;
  /** Its variables. */
  readonly variables: readonly string[];
  /** Throws `configuration` with all that is wrong. */
  readonly read: (env: Readonly<Record<string, string>>) => unknown;
}

/** What is deployed for good. The client-faker is not: it makes traffic. */
export const services = [...scalable, 'bff'] as const;

interface SettingsModule {
  readonly settings: z.ZodObject;
  readonly readSettings: (env: NodeJS.ProcessEnv) => ServiceSettings;
}

async function readerOf(name: string): Promise<Reader> {
  const { settings, readSettings } = (await import(join(root, folderOf(name), 'src/settings.ts'))) as SettingsModule;
  return { program: programOf(name), variables: Object.keys(settings.shape), read: readSettings };
}

/** All that is deployed, by its name. */
export async function loadReaders(): Promise<Readonly<Record<string, Reader>>> {
  const entries = await Promise.all(services.map(async (name) => [name, await readerOf(name)] as const));
  return {
    ...Object.fromEntries(entries),
    topics: {
      program: 'tools/dist/topics/cli.js',
      variables: Object.keys(brokerSettings.shape),
      read: (env): BrokerSettings => readConfig(brokerSettings, env),
    },
    migrate: {
      program: 'tools/dist/migrate/cli.js',
      variables: databaseNames.map(databaseVariable),
      read: (env) => readTargets([...databaseNames], env),
    },
  };
}
