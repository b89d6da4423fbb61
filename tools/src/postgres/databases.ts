import type { Client } from 'pg';
import { ensureRole } from './ensure-role.js';
import { keepPasswords, type Passwords, urlOf } from './passwords.js';
import { withClient } from './with-client.js';

const shape = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Makes each database that is missing, owned by a role of the same name and closed to all others.
 *
 * @param url of the superuser
 * @param passwordFile where the roles' passwords are kept, readable by its owner alone
 * @returns the URL with which the owner of each database connects to it
 */
export async function ensureDatabases<Name extends string>(
  url: string,
  names: readonly Name[],
  passwordFile: string,
): Promise<Record<Name, string>> {
  for (const name of names) if (!shape.test(name)) throw new Error(`${name} can't be the name of a database`);
  const kept = keepPasswords(passwordFile, names);
  await withClient(url, (client) => createMissing(client, names, kept));
  const entries = names.map((name) => [name, urlOf(url, name, name, kept.passwords[name] ?? '')]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** As `ensureDatabases`, for one. */
export async function ensureDatabase(url: string, name: string, passwordFile: string): Promise<string> {
  const urls = await ensureDatabases(url, [name], passwordFile);
  return urls[name] ?? '';
}

interface State {
  readonly name: string;
  readonly role: boolean;
  readonly database: boolean;
  readonly open: boolean;
}

async function createMissing(client: Client, names: readonly string[], kept: Passwords): Promise<void> {
  for (const { name, role, database, open } of await stateOf(client, names)) {
    await ensureRole(client, name, kept, role);
    if (!database) await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
    if (open) await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  }
}

async function stateOf(client: Client, names: readonly string[]): Promise<State[]> {
  const { rows } = await client.query<State>(
    `SELECT name, rolname IS NOT NULL AS role, datname IS NOT NULL AS database,
            datname IS NULL OR has_database_privilege('public', oid, 'CONNECT') AS open
     FROM unnest($1::text[]) AS name
     LEFT JOIN (SELECT rolname FROM pg_roles) AS roles ON rolname = name
     LEFT JOIN pg_database ON datname = name`,
    [names],
  );
  return rows;
}
