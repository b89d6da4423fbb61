import { createTestDatabase, type TestDatabase } from '@alpes/messaging/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCompiled } from '../start/testing/run-compiled.js';

// Each test starts processes, which takes its time on a busy machine.
jest.setTimeout(60_000);

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH } = process.env;
  const all = { PATH, DATA_DIR: join(tmpdir(), 'there-is-no-such-folder'), ...env };
  return runCompiled('tools/dist/migrate/cli.js', args, all);
}

describe('npm run migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('applies what is missing in the databases that are known, and says what that was, as often as it is asked', async () => {
    const env = { DATABASE_URL_SAGA_LOG: database.url };
    const first = await run([], env);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^saga-log: 20\d{12}_init, .*20\d{12}_init\n$/);
    expect(await run(['saga-log'], env)).toEqual({ code: 0, out: 'saga-log: nothing to apply\n', err: '' });
  });

  it('ends with 1 if it knows no database, not the one that is meant, or does not reach it', async () => {
    expect(await run([])).toMatchObject({ code: 1, err: expect.stringContaining('DATABASE_URL_ORDER, ') });
    const env = { DATABASE_URL_SAGA_LOG: database.url, DATABASE_URL_BFF: 'postgresql://nobody@127.0.0.1:1/bff' };
    const other = await run(['order', 'saga-log'], env);
    expect(other).toMatchObject({ code: 1, out: '', err: expect.stringContaining('DATABASE_URL_ORDER') });
    expect(await run(['bff'], env)).toMatchObject({ code: 1, err: expect.stringContaining('ECONNREFUSED') });
  });

  it('ends with 2 if the command line can’t be understood', async () => {
    expect(await run(['--all'])).toMatchObject({ code: 2, err: expect.stringContaining('Usage:') });
    expect(await run(['ordre'])).toMatchObject({ code: 2, err: expect.stringContaining('"ordre"') });
  });
});
