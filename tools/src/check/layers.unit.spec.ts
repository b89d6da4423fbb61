import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = process.cwd();
const fixtures = join(root, 'tools', 'fixtures', 'layers');

/** What the linter says, by file, about the fixtures as if they were the repository. */
function lintFixtures(folder: string): Map<string, string[]> {
  cpSync(fixtures, folder, { recursive: true });
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  // The generated code of the contracts is not linted, but the rule about its folder has to be tried.
  const config = readFileSync(join(folder, '.oxlintrc.json'), 'utf8').replace('"packages/contracts/src/**",', '');
  writeFileSync(join(folder, '.oxlintrc.json'), config);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { strict: true, lib: ['es2023'], types: [] } }),
  );
  const found = new Map<string, string[]>();
  for (const { code, filename } of runLinter(folder)) found.set(filename, [...(found.get(filename) ?? []), code]);
  return found;
}

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

function runLinter(folder: string): Diagnostic[] {
  const linter = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const options = {
    cwd: folder,
    env: { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules', '.bin', 'tsgolint') },
  };
  const args = [linter, '--type-aware', '--format=json', '.'];
  const output = spawnSync(process.execPath, args, { ...options, encoding: 'utf8' }).stdout;
  return (JSON.parse(output) as { diagnostics: Diagnostic[] }).diagnostics;
}

const files = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(fixtures, join(entry.parentPath, entry.name)))
  .map((file) => ({ file, verdict: readFileSync(join(fixtures, file), 'utf8').split('\n', 1)[0]?.slice(3) ?? '' }));

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alpes-layers-'));
  const found = lintFixtures(folder);

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(files)('has $file $verdict', ({ file, verdict }) => {
    const rules = found.get(file) ?? [];
    // A file may break a second rule beside the one that it is about.
    const verdicts = rules.length === 0 ? ['accepted'] : rules.map((rule) => `rejected by ${rule}`);
    expect(verdicts).toContain(verdict);
  });
});
