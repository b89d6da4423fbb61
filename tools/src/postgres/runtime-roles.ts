import type { Client } from 'pg';
import { ensureRole } from './ensure-role.js';
import { keepPasswords, urlOf } from './passwords.js';
import { withClient } from './with-client.js';

/**
 * The statements by which the owner of a database lets a role read and write rows in it, now and after every migration, and do
 * nothing else. `schemas` are those that are there.
 */
export function runtimeRights(role: string, schemas: readonly string[]): readonly string[] {
  return [
    `ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO ${role}`,
    `ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`,
    `ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO ${role}`,
    ...schemas.flatMap((schema) => [
      `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role}`,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`,
    ]),
  ];
}

const roleOf = (database: string): string => `${database}_runtime`;

/**
 * Makes for each database the role with which a service works in it, and closes the server's common databases to all but
 * the owners: who gets hold of a service can do there what the service can, and neither changes tables nor gets elsewhere.
 *
 * @param url of the superuser
 * @param owners the URLs of the databases' owners, by database
 * @param passwordFile where the roles' passwords are kept, readable by its owner alone
 * @returns the URLs of the roles, by database
 */
export async function ensureRuntimeRoles<Name extends string>(
  url: string,
  owners: Readonly<Record<Name, string>>,
  passwordFile: string,
): Promise<Record<Name, string>> {
  const databases = Object.keys(owners) as Name[];
  const kept = keepPasswords(passwordFile, databases.map(roleOf));
  await withClient(url, async (client) => {
    for (const database of databases) {
      const role = roleOf(database);
      const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
      await ensureRole(client, role, kept, rows.length > 0);
      await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${role}`);
      // So that the owner can end the role's sessions.
      await client.query(`GRANT ${role} TO ${database}`);
    }
    await client.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC');
    await client.query(`GRANT CONNECT ON DATABASE postgres TO ${databases.join(', ')}`);
  });
  await Promise.all(
    databases.map((database) => withClient(owners[database], (client) => grant(client, roleOf(database)))),
  );
  const entries = databases.map((name) => [name, urlOf(url, name, roleOf(name), kept.passwords[roleOf(name)] ?? '')]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

/** What a database of an earlier version already has is the role's too. */
async function grant(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'",
  );
  const schemas = rows.map(({ name }) => client.escapeIdentifier(name));
  await client.query(['BEGIN', ...runtimeRights(role, schemas), 'COMMIT'].join(';\n'));
}
