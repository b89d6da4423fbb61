import type { Client } from 'pg';
import type { Passwords } from './passwords.js';

/** Makes a role that may log in. One that exists is given its password anew, if the server can't know that yet. */
export async function ensureRole(
  client: Client,
  name: string,
  { passwords, fresh }: Passwords,
  exists: boolean,
): Promise<void> {
  const password = client.escapeLiteral(passwords[name] ?? '');
  if (!exists) await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${password}`);
  else if (fresh.includes(name)) await client.query(`ALTER ROLE ${name} PASSWORD ${password}`);
}
