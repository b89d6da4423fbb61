import { AlpesError } from '@alpes/messaging';
import { databaseUrlsIn, databaseVariable, type Environment } from '../start/config.js';
import { readState } from '../start/state-file.js';
import { type DatabaseName, databaseNames } from '../start/system.js';
import { parseCommandLine, WrongArguments } from '../command-line.js';

export const usage = `Usage: npm run migrate -- [NAME …]

Applies the migrations that are missing, while the system runs: to the databases of these names (${databaseNames.join(', ')}), or
to all that are known. A database is known by its variable (${databaseVariable('order')}, …), else, if npm start runs the system,
by DATA_DIR. Ends with 0 if all are applied; with 1 if one fails or a database is out of reach; with 2 if the command line can't be
understood.
`;

/** A database to be migrated. */
export interface Target {
  readonly name: DatabaseName;
  readonly url: string;
}

const isDatabase = (name: string): name is DatabaseName => (databaseNames as readonly string[]).includes(name);

/** The databases that are meant; throws WrongArguments, and `configuration` if one of them is not known. */
export function readTargets(args: readonly string[], env: Environment): readonly Target[] {
  const names = readNames(args);
  const told = readState(env['DATA_DIR'] || '.data')?.databases ?? {};
  const given = databaseUrlsIn(env);
  const urlOf = (name: DatabaseName): string | undefined => given[name] ?? told[name];
  const wanted = names.length > 0 ? names : databaseNames.filter((name) => urlOf(name) !== undefined);
  const unknown = (names.length > 0 ? names : databaseNames).filter((name) => urlOf(name) === undefined);
  if (wanted.length === 0 || names.some((name) => unknown.includes(name))) {
    const variables = unknown.map(databaseVariable).join(', ');
    throw new AlpesError('configuration', `no database is known: start the system (npm start), or set ${variables}`);
  }
  return wanted.map((name) => ({ name, url: urlOf(name) ?? '' }));
}

function readNames(args: readonly string[]): readonly DatabaseName[] {
  const names = parseCommandLine(args, { allowPositionals: true }).positionals;
  const wrong = names.find((name) => !isDatabase(name));
  if (wrong !== undefined) throw new WrongArguments(`nobody has a database of the name "${wrong}"`);
  return names.filter(isDatabase);
}
