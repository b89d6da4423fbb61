import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrokerSettings, brokerSettings, connectBroker } from '@alpes/service-kit';
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

/** Reads command line and environment. Where something is wrong, the configuration has the default. */
export function readConfig(
  args: readonly string[],
  env: Environment,
): { readonly config: StartConfig; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const config = {
    port: readInteger(env, 'PORT', 3000, [1, 65_535], problems),
    host: env['HOST'] || '127.0.0.1',
    dataDir: resolve(env['DATA_DIR'] ?? '.data'),
    broker: readBroker(flags.broker ?? env['BROKER_URL'] ?? 'embedded:', env, problems),
    databaseUrls: readDatabaseUrls(env, problems),
    replicas: readReplicas(flags.scale, problems),
    graceMs: readInteger(env, 'SUPERVISOR_GRACE_MS', 10_000, [1, 600_000], problems),
  };
  if (env['DATA_DIR'] === '') problems.push('DATA_DIR is empty: it names a folder');
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

function readInteger(
  env: Environment,
  name: string,
  fallback: number,
  [least, most]: readonly [number, number],
  problems: string[],
): number {
  const text = env[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  problems.push(`${name} is "${text}": it has to be a whole number from ${least} to ${most}`);
  return fallback;
}

function readBroker(url: string, env: Environment, problems: string[]): BrokerSettings {
  const own = { BROKER_URL: 'embedded:' };
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  // What is wrong beside the URL the processes say, who read it too.
  const read = brokerSettings.safeParse({ ...given, ...own }).data ?? brokerSettings.parse(own);
  const settings = { ...read, BROKER_URL: url };
  if (url !== 'embedded:') judgeBroker(settings, problems);
  return settings;
}

function judgeBroker(settings: BrokerSettings, problems: string[]): void {
  const url = settings.BROKER_URL;
  if (url.startsWith('embedded:') && !isDatabaseUrl(url.slice('embedded:'.length))) {
    problems.push(`BROKER_URL: ${url} has to be embedded: alone, or with a URL such as ${exampleUrl} after it`);
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

function readDatabaseUrls(env: Environment, problems: string[]): Partial<Record<DatabaseName, string>> {
  const urls: Partial<Record<DatabaseName, string>> = {};
  for (const name of databaseNames) {
    const variable = databaseVariable(name);
    const url = env[variable];
    if (url === undefined) continue;
    if (isDatabaseUrl(url)) urls[name] = url;
    else problems.push(`${variable} has to be a URL such as ${exampleUrl}`);
  }
  return urls;
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
