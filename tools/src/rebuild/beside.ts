import { AlpesError } from '@alpes/messaging';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';

export const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** Such as reporting_rebuild_20261121181500, in UTC. */
export function defaultName(service: string, now: Date): string {
  const time = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return `${service.replaceAll('-', '_')}_rebuild_${time}`;
}

/** By this is known that a database was made by us. */
const COMMENT = 'made by npm run rebuild';

/** Databases next to a live one, for the same owner. */
export interface Beside {
  /** Makes an empty one; returns its URL. Rejects with `configuration` if that is refused. */
  create(name: string): Promise<string>;
  /** Drops one that was made here; rejects with `configuration` if it was not. */
  drop(name: string): Promise<void>;
}

/** `dataDir` may have the PostgreSQL that `npm start` runs, whose superuser then does it; else the owner itself has to. */
export function besides(liveUrl: string, dataDir: string): Beside {
  const adminUrl = superuserUrl(liveUrl, dataDir) ?? liveUrl;
  return {
    create: (name) => connected(adminUrl, (client) => create(client, liveUrl, name)),
    drop: (name) => connected(adminUrl, (client) => drop(client, liveUrl, name)),
  };
}

/** Undefined if the database is not in the PostgreSQL of this folder. */
function superuserUrl(liveUrl: string, dataDir: string): string | undefined {
  const [password, port] = ['superuser-password', 'port'].map((file) => join(dataDir, 'postgres', file));
  if (password === undefined || port === undefined || !existsSync(password) || !existsSync(port)) return undefined;
  const url = new URL(liveUrl);
  if (url.hostname !== '127.0.0.1' || url.port !== readFileSync(port, 'utf8')) return undefined;
  [url.username, url.password, url.pathname] = ['postgres', readFileSync(password, 'utf8'), '/postgres'];
  return url.href;
}

const EXISTS = 'SELECT 1 FROM pg_database WHERE datname = $1';

async function create(client: Client, liveUrl: string, name: string): Promise<string> {
  if ((await client.query(EXISTS, [name])).rows.length > 0) {
    throw new AlpesError('configuration', `the database ${name} exists already: choose another --name, or --remove it`);
  }
  const url = new URL(liveUrl);
  const owner = client.escapeIdentifier(decodeURIComponent(url.username));
  await client.query(`CREATE DATABASE ${name} OWNER ${owner}`);
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await client.query(`COMMENT ON DATABASE ${name} IS ${client.escapeLiteral(COMMENT)}`);
  url.pathname = `/${name}`;
  return url.href;
}

const COMMENTED = `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = $1`;

async function drop(client: Client, liveUrl: string, name: string): Promise<void> {
  const [found] = (await client.query<{ comment: string | null }>(COMMENTED, [name])).rows;
  const refuse = (why: string): AlpesError => new AlpesError('configuration', `the database ${name} ${why}`);
  if (found === undefined) throw refuse('does not exist');
  if (found.comment !== COMMENT) throw refuse('was not made by a rebuild: it is left as it is');
  if (new URL(liveUrl).pathname === `/${name}`) throw refuse('is the live one: it is left as it is');
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw explained(error, url);
  } finally {
    await client.end().catch(() => {});
  }
}

const NOT_ALLOWED = '42501';

function explained(error: unknown, url: string): AlpesError {
  if (error instanceof AlpesError) return error;
  const { host, username } = new URL(url);
  if (error instanceof DatabaseError && error.code === NOT_ALLOWED) {
    const text = `${username} may not do that at ${host} (${error.message}): let it (ALTER ROLE ${username} CREATEDB), or make an empty database for it and name that (--into URL)`;
    return new AlpesError('configuration', text, { cause: error });
  }
  return new AlpesError('unavailable', `can't make or drop a database at ${host}: ${AlpesError.from(error).message}`, {
    cause: error,
  });
}
