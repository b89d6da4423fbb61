import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDatabase, ensureDatabases } from './databases.js';
import { queryOnce } from './with-client.js';

const superuser = process.env['TEST_DATABASE_URL'] ?? '';
const names = ['databases_spec_a', 'databases_spec_b'] as const;

describe('databases', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-databases-'));
  const passwords = join(folder, 'passwords.json');
  let urls: Record<(typeof names)[number], string>;

  beforeAll(async () => {
    urls = await ensureDatabases(superuser, names, passwords);
  });

  afterAll(async () => {
    for (const name of names) await queryOnce(superuser, `DROP DATABASE ${name}`);
    for (const name of names) await queryOnce(superuser, `DROP ROLE ${name}`);
    rmSync(folder, { recursive: true });
  });

  it('each role owns its database and may create tables there', async () => {
    await queryOnce(urls.databases_spec_a, 'CREATE TABLE thing (id int)');
    expect(await queryOnce(urls.databases_spec_a, 'SELECT current_user, count(*)::int FROM thing')).toEqual([
      { current_user: 'databases_spec_a', count: 0 },
    ]);
  });

  it('a role cannot connect to the database of another', async () => {
    const strange = new URL(urls.databases_spec_a);
    strange.pathname = '/databases_spec_b';
    await expect(queryOnce(strange.href, 'SELECT 1')).rejects.toThrow('permission denied for database');
  });

  it('a second time changes nothing', async () => {
    expect(await ensureDatabases(superuser, names, passwords)).toEqual(urls);
  });

  it('passwords are readable by their owner alone', () => {
    expect(statSync(passwords).mode & 0o777).toBe(0o600);
  });

  it('lost passwords are replaced', async () => {
    rmSync(passwords);
    const url = await ensureDatabase(superuser, 'databases_spec_b', passwords);
    expect(url).not.toBe(urls.databases_spec_b);
    expect(await queryOnce(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('a name that is more than a name is refused', async () => {
    await expect(ensureDatabase(superuser, 'a; DROP DATABASE b', passwords)).rejects.toThrow("can't be the name");
  });
});
