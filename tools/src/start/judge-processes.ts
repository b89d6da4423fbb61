import { basename, dirname } from 'node:path';
import { AlpesError } from '@alpes/messaging';
import type { Environment, StartConfig } from './config.js';
import { databaseNames, systemOf, type DatabaseName } from './system.js';

/** Reads a process's settings from its environment; throws `configuration` with all that is wrong. */
export type ReadSettings = (env: Environment) => unknown;

/**
 * What is wrong with the settings that the processes will read. Each would say so itself, but only when PostgreSQL runs,
 * and one after the other.
 */
export async function judgeProcesses(
  config: StartConfig,
  env: Environment,
  load: (program: string) => Promise<ReadSettings> = loadSettings,
): Promise<readonly string[]> {
  const found = specsOf(config).map(async (spec) => {
    const readSettings = await load(spec.program);
    return problemsOf(readSettings, { ...env, ...spec.env, PORT: String(spec.port) });
  });
  // What all of them read is wrong once, not once for each.
  return [...new Set((await Promise.all(found)).flat())];
}

/** The processes to come, with stand-ins for what is not known before PostgreSQL runs. */
function specsOf({ host, port, replicas, databaseUrls }: StartConfig) {
  const unknown = Object.fromEntries(databaseNames.map((name) => [name, 'postgresql://unknown']));
  return systemOf({
    databases: { ...unknown, ...databaseUrls } as Record<DatabaseName, string>,
    brokerUrl: 'embedded:postgresql://unknown',
    replicas,
    publicHost: host,
    publicPort: port,
    nextPort: () => 0,
  });
}

function problemsOf(readSettings: ReadSettings, env: Environment): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof AlpesError) || error.code !== 'configuration') throw error;
    return error.details.map(({ path, message }) => `${path}: ${message}`);
  }
}

/**
 * A process has its settings in `settings.ts`, which is read by its path: nothing here depends on a service. The paths begin and
 * end with text, by which the bundler finds all that they may lead to.
 */
async function loadSettings(program: string): Promise<ReadSettings> {
  const name = basename(dirname(dirname(program)));
  const { readSettings } = (await (program.startsWith('services/')
    ? import(`../../../services/${name}/dist/settings.js`)
    : import(`../../../${name}/dist/settings.js`))) as { readSettings?: ReadSettings };
  if (readSettings === undefined) throw new Error(`the settings of ${name} do not export readSettings`);
  return readSettings;
}
