import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Block, installThisPackage, link, readBlocks, run, writeFiles } from '../fixtures/readme.js';
import { DEFAULT_MESSAGING_SETTINGS } from './messaging-settings.js';
import { createTestDatabase, type TestDatabase } from './testing/test-database.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const blocks = readBlocks(readme);

function only(matches: (block: Block) => boolean): Block {
  const [found, ...others] = blocks.filter(matches);
  if (found === undefined || others.length > 0) throw new Error('the README was written differently');
  return found;
}

describe('the README', () => {
  let project: string;
  let database: TestDatabase;
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'alpes-readme-'));
    database = await createTestDatabase();
  });
  afterAll(async () => {
    rmSync(project, { recursive: true, force: true });
    await database.drop();
  });

  it('has an example that compiles, runs and prints what it says, in a project with nothing but what it installs', async () => {
    const install = only(({ text }) => text.includes('npm install'));
    const packages = [...install.text.matchAll(/npm install (?:--save-dev )?(.*)/g)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    const nodeModules = join(project, 'node_modules');
    // What is packed is the compiled code; tests run before it was compiled would try an older one.
    await run('npx', ['tsc', '-b', 'packages/messaging'], root, {});
    await installThisPackage(project);
    for (const name of packages) if (name !== '@alpes/messaging') link(name, nodeModules);
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    writeFiles(project, blocks);
    const commands = only(({ text }) => text.includes('npx buf generate'))
      .text.trim()
      .split('\n');
    const env = {
      PATH: [join(nodeModules, '.bin'), process.env['PATH']].join(delimiter),
      // The generator asks for an engine that it never calls; naming any executable keeps it from downloading one.
      ...{ PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
      DATABASE_URL: database.url,
    };
    let printed = '';
    for (const command of commands) {
      const [program = '', ...args] = command.replace(/^npx /, '').split(' ');
      printed = await run(program, args, project, env);
    }
    expect(printed).toBe(only(({ language }) => language === 'text').text);
  }, 120_000);

  it('lists every setting with its default', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` +\| `(.+?)` +\|/gm)].map(([, name = '', value = '']) => {
      const json = value.replaceAll('_', '').replaceAll(/(\w+):/g, '"$1":');
      return [name, JSON.parse(json) as unknown];
    });
    expect(Object.fromEntries(rows)).toEqual(DEFAULT_MESSAGING_SETTINGS);
  });
});
