import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** The passwords of roles, by name. */
export interface Passwords {
  readonly passwords: Readonly<Record<string, string>>;
  /** The names whose password the server can't know yet. */
  readonly fresh: readonly string[];
}

/** Reads the passwords from a file that its owner alone may read, and adds those that are missing. */
export function keepPasswords(file: string, names: readonly string[]): Passwords {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const fresh = names.filter((name) => known[name] === undefined);
  if (fresh.length === 0) return { passwords: known, fresh };
  const made = Object.fromEntries(fresh.map((name) => [name, randomBytes(24).toString('base64url')]));
  const passwords = { ...known, ...made };
  writeFileSync(`${file}.new`, `${JSON.stringify(passwords, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return { passwords, fresh };
}

/** The URL with which a role connects to a database of the same server. */
export function urlOf(serverUrl: string, database: string, role: string, password: string): string {
  const url = new URL(serverUrl);
  [url.username, url.password, url.pathname] = [role, password, `/${database}`];
  return url.href;
}
