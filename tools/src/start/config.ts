import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AlpesError } from '@alpes/messaging';
import { connectBroker } from '@alpes/service-kit/broker';
import {
  type BrokerSettings,
  brokerSettings,
  databaseUrl,
  milliseconds,
  readConfig as readVariables,
} from '@alpes/service-kit/config';
import { z } from 'zod';
import { databaseNames, scalable, type DatabaseName, type Scalable } from './system.js';

/** What `npm start` was told, checked. */
export interface StartConfig {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Where its URL is `embedded:` alone, that stands for the log in our own PostgreSQL. */
  readonly broker: BrokerSettings;
  /** Databases that somebody else runs. */
  readonly databaseUrls: Readonly<Partial<Record<DatabaseName, string>>>;
  readonly replicas: Readonly<Record<Scalable, number>>;
  /** How long in ms the processes have for their own shutdown. */
  readonly graceMs: number;
}

/** Everything that is wrong with what `npm start` was told. */
export class WrongConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(['The configuration is wrong:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The name of the variable that says where a service's database is. */
export const databaseVariable = (name: string): string => `DATABASE_URL_${name.toUpperCase().replaceAll('-', '_')}`;

const foreignDatabase = databaseUrl.optional();
const foreignDatabases = Object.fromEntries(
  databaseNames.map((name) => [
    databaseVariable(name),
    foreignDatabase.describe(`database of ${name}, if somebody else runs it`),
  ]),
);

/** What `npm start` reads beside what its processes do. */
export const startSettings = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3_000).describe('port of the BFF'),
  HOST: z.string().default('127.0.0.1').describe('address that the BFF listens on'),
  DATA_DIR: z.string().default('.data').describe('folder of all data'),
  BROKER_URL: z.string().default('embedded:').describe('the broker; embedded: alone is a log in our own PostgreSQL'),
  SUPERVISOR_GRACE_MS: milliseconds.max(600_000).default(10_000).describe('longest time for all processes to end'),
  ...foreignDatabases,
});

/** Reads command line and environment. Where something is wrong, the configuration has the default. */
export function readConfig(
  args: readonly string[],
  env: Environment,
): { readonly config: StartConfig; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const settings = readEach(env, problems);
  const config = {
    port: settings.PORT,
    host: settings.HOST,
    dataDir: resolve(settings.DATA_DIR),
    broker: readBroker(flags.broker ?? settings.BROKER_URL, env, problems),
    databaseUrls: databaseUrlsOf(settings),
    replicas: readReplicas(flags.scale, problems),
    graceMs: settings.SUPERVISOR_GRACE_MS,
  };
  return { config, problems };
}

interface Flags {
  readonly broker: string | undefined;
  readonly scale: readonly string[];
}

function readFlags(args: readonly string[], problems: string[]): Flags {
  const options = { broker: { type: 'string' }, scale: { type: 'string', multiple: true } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    return { broker: values.broker, scale: values.scale ?? [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(`${why} (known: --scale order=2, --broker URL)`);
    return { broker: undefined, scale: [] };
  }
}

/** Each by itself, for what is right beside a wrong one counts. */
function readEach(env: Environment, problems: string[]): z.infer<typeof startSettings> {
  const right = Object.entries(startSettings.shape).flatMap(([name, schema]) => {
    try {
      return Object.entries(readVariables(z.object({ [name]: schema }), env));
    } catch (error) {
      problems.push(...AlpesError.from(error).details.map(({ path, message }) => `${path}: ${message}`));
      return [];
    }
  });
  return startSettings.parse(Object.fromEntries(right));
}

function readBroker(url: string, env: Environment, problems: string[]): BrokerSettings {
  const settings = { ...readBeside(env), BROKER_URL: url };
  if (url !== 'embedded:') judgeBroker(settings, problems);
  return settings;
}

/** The broker's settings but its URL. What is wrong with them the processes say, who read them too. */
function readBeside(env: Environment): BrokerSettings {
  const own = { BROKER_URL: 'embedded:' };
  try {
    return readVariables(brokerSettings, { ...env, ...own });
  } catch {
    return brokerSettings.parse(own);
  }
}

function judgeBroker(settings: BrokerSettings, problems: string[]): void {
  const url = settings.BROKER_URL;
  if (url.startsWith('embedded:') && !isDatabaseUrl(url.slice('embedded:'.length))) {
    // Not the URL itself, in which there may be a password.
    problems.push(`BROKER_URL: has to be embedded: alone, or with a URL such as ${exampleUrl} after it`);
    return;
  }
  try {
    connectBroker(settings)
      .close()
      .catch(() => {});
  } catch (error) {
    problems.push(`the broker of BROKER_URL: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The databases that the environment names; throws `configuration` if one of the URLs is none. */
export function databaseUrlsIn(env: Environment): Partial<Record<DatabaseName, string>> {
  return databaseUrlsOf(readVariables(z.object(foreignDatabases), env));
}

function databaseUrlsOf(settings: Readonly<Record<string, unknown>>): Partial<Record<DatabaseName, string>> {
  const urls = databaseNames.map((name) => [name, settings[databaseVariable(name)]] as const);
  return Object.fromEntries(urls.filter(([, url]) => url !== undefined));
}

const exampleUrl = 'postgresql://user:password@host:5432/database';
const isDatabaseUrl = (text: string): boolean => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);

function readReplicas(values: readonly string[], problems: string[]): Record<Scalable, number> {
  const replicas = Object.fromEntries(scalable.map((name) => [name, 1])) as Record<Scalable, number>;
  for (const value of values.flatMap((list) => list.split(','))) {
    const [name = '', count = ''] = value.split('=');
    if (!isScalable(name)) problems.push(`--scale ${value}: there are ${scalable.join(', ')} to be scaled`);
    else if (!/^[1-9]$/.test(count)) problems.push(`--scale ${value}: it has to be 1 to 9, as in ${name}=2`);
    else replicas[name] = Number(count);
  }
  return replicas;
}

const isScalable = (name: string): name is Scalable => (scalable as readonly string[]).includes(name);
