import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Client } from 'pg';

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
  const { passwords, fresh } = keepPasswords(passwordFile, names);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await createMissing(client, names, passwords, fresh);
  } finally {
    await client.end();
  }
  return Object.fromEntries(names.map((name) => [name, ownerUrl(url, name, passwords[name] ?? '')])) as Record<
    Name,
    string
  >;
}

/** As `ensureDatabases`, for one. */
export async function ensureDatabase(url: string, name: string, passwordFile: string): Promise<string> {
  const urls = await ensureDatabases(url, [name], passwordFile);
  return urls[name] ?? '';
}

interface Passwords {
  readonly passwords: Readonly<Record<string, string>>;
  /** The names whose password the server can't know yet. */
  readonly fresh: readonly string[];
}

function keepPasswords(file: string, names: readonly string[]): Passwords {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const fresh = names.filter((name) => known[name] === undefined);
  if (fresh.length === 0) return { passwords: known, fresh };
  const made = Object.fromEntries(fresh.map((name) => [name, randomBytes(24).toString('base64url')]));
  const passwords = { ...known, ...made };
  writeFileSync(`${file}.new`, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { passwords, fresh };
}

interface State {
  readonly name: string;
  readonly role: boolean;
  readonly database: boolean;
  readonly open: boolean;
}

async function createMissing(
  client: Client,
  names: readonly string[],
  passwords: Readonly<Record<string, string>>,
  fresh: readonly string[],
): Promise<void> {
  for (const { name, role, database, open } of await stateOf(client, names)) {
    const password = client.escapeLiteral(passwords[name] ?? '');
    if (!role) await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${password}`);
    else if (fresh.includes(name)) await client.query(`ALTER ROLE ${name} PASSWORD ${password}`);
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

function ownerUrl(superuserUrl: string, name: string, password: string): string {
  const url = new URL(superuserUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}
