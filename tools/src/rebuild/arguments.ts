import { databaseUrl } from '@alpes/service-kit';
import { resolve } from 'node:path';
import type { Scalable } from '../start/system.js';
import { parseCommandLine, WrongArguments } from '../command-line.js';
import { DATABASE_NAME, defaultName } from './beside.js';
import { rebuildable } from './read-models.js';

/** Which database is filled: one that is made, or an empty one that somebody has made. */
export type Target = { readonly name: string } | { readonly url: string };

export interface RebuildCommand {
  readonly name: 'rebuild';
  readonly target: Target;
  /** Whether the database is dropped in the end. */
  readonly drop: boolean;
  /** Whether it goes on handling what is published. */
  readonly follow: boolean;
  /** How long the live service may take to get as far. */
  readonly waitMs: number;
  readonly json: boolean;
}

export interface RemoveCommand {
  readonly name: 'remove';
  readonly database: string;
}

export type Command = { readonly service: Scalable; readonly dataDir: string } & (RebuildCommand | RemoveCommand);

export const usage = `Usage: npm run rebuild -- SERVICE [--name NAME | --into URL] [--drop | --follow] [--wait SECONDS] [--json]
       npm run rebuild -- SERVICE --remove NAME

Builds the read model of a service from its topics into an empty database and compares it with the live one.

  SERVICE         ${rebuildable.join(', ')}
  --name NAME     of the database, which is made next to the live one; SERVICE_rebuild_TIME unless told
  --into URL      an empty database that somebody has made, instead
  --drop          drops it in the end
  --follow        goes on handling what is published, until Ctrl-C: for switching over
  --wait SECONDS  how long the live service may take to get as far; 60 unless told
  --json          writes everything as JSON
  --remove NAME   drops a database that an earlier rebuild has made, and does nothing else
  --data-dir DIR  the folder of a system that npm start has started; DATA_DIR or .data unless told

Ends with 0 if both are the same, with 1 if they differ, nothing could be compared, or something is refused or out of reach,
with 2 if the command line can't be understood, with 130 if it was stopped.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  ...{ name: text, into: text, drop: flag, follow: flag, wait: text, json: flag, remove: text, 'data-dir': text },
};

const parse = (args: readonly string[]) => parseCommandLine(args, { options, allowPositionals: true });
type Values = ReturnType<typeof parse>['values'];

/** Reads the command line; throws WrongArguments. */
export function readArguments(args: readonly string[], env: NodeJS.ProcessEnv, now = new Date()): Command {
  const { values, positionals } = parse(args);
  const [service, strange] = positionals;
  if (strange !== undefined) throw new WrongArguments(`"${strange}" means nothing here: one service at a time`);
  const place = { service: serviceOf(service), dataDir: resolve(values['data-dir'] ?? (env['DATA_DIR'] || '.data')) };
  if (values.remove === undefined) return { ...place, ...rebuildOf(values, defaultName(place.service, now)) };
  const { remove, 'data-dir': _, ...rest } = values;
  const other = Object.keys(rest)[0];
  if (other !== undefined) throw new WrongArguments(`--${other} means nothing to --remove`);
  return { ...place, name: 'remove', database: databaseName('remove', remove) };
}

function rebuildOf({ name, into, drop = false, follow = false, wait = '60', json = false }: Values, byDefault: string) {
  if (name !== undefined && into !== undefined) throw new WrongArguments('--name and --into name two databases');
  if (drop && into !== undefined) throw new WrongArguments('--drop drops only what was made: leave out --into');
  if (drop && follow) throw new WrongArguments('--follow is for switching over to what --drop drops');
  if (into !== undefined && !databaseUrl.safeParse(into).success) {
    throw new WrongArguments('--into is the URL of a database, such as postgresql://user:password@host:5432/database');
  }
  if (!/^\d+(\.\d+)?$/.test(wait)) throw new WrongArguments(`--wait is "${wait}": it is a number of seconds`);
  const target = into === undefined ? { name: databaseName('name', name ?? byDefault) } : { url: into };
  return { name: 'rebuild', target, drop, follow, json, waitMs: Number(wait) * 1_000 } as const;
}

function serviceOf(name: string | undefined): Scalable {
  const service = rebuildable.find((one) => one === name);
  if (service !== undefined) return service;
  const known = `these have one: ${rebuildable.join(', ')}`;
  throw new WrongArguments(
    name === undefined ? `no service is named; ${known}` : `"${name}" has no read model; ${known}`,
  );
}

function databaseName(option: string, name: string): string {
  if (DATABASE_NAME.test(name)) return name;
  throw new WrongArguments(
    `--${option} is "${name}": a name has small letters, digits and _, and begins with a letter`,
  );
}
