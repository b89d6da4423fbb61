import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startSystem, type System } from './system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README = readFileSync(`${ROOT}README.md`, 'utf8');

/** What stands for a value that differs from run to run. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<uuid>': '[0-9a-f-]{36}',
  '<number>': String.raw`\d+`,
  '<time>': '[0-9TZ:.-]+',
  '<final>': '(?:APPROVED|REJECTED)',
};

interface Step {
  readonly script: string;
  /** What the README says that it prints; undefined where it says nothing. */
  readonly expected: string | undefined;
}

/** The commands of the tour, each with the output that the README shows behind it. */
function tour(): Step[] {
  const section = /## A tour of five minutes\n([^]*?)\n## /.exec(README)?.[1] ?? '';
  return [...section.matchAll(/```sh\n([^]*?)```(?:\s*```\n([^]*?)```)?/g)].map(([, script = '', expected]) => ({
    script,
    expected,
  }));
}

function patternOf(expected: string): RegExp {
  const escaped = expected.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const filled = Object.entries(PLACEHOLDERS).reduce(
    (text, [name, pattern]) => text.replaceAll(name, pattern),
    escaped,
  );
  return new RegExp(`^${filled}$`);
}

/** Marks the end of one step's output in the output of all. */
const MARK = '--- end of step ---';

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 180_000);
afterAll(() => system.dispose(), 60_000);

describe('the README', () => {
  it('shows what its commands print', () => {
    const steps = tour();
    expect(steps.length).toBeGreaterThanOrEqual(6);
    const here = new URL(system.url).host;
    const script = ['set -eo pipefail', ...steps.flatMap((step) => [step.script, `echo '${MARK}'`])]
      .join('\n')
      .replaceAll('localhost:3000', here)
      .replaceAll('.data/', `${system.dataDir}/`);
    const env = { ...process.env, NODE_OPTIONS: '', PORT: here.split(':')[1], DATA_DIR: system.dataDir };
    const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { cwd: ROOT, env, encoding: 'utf8' });
    expect(`${status} ${status === 0 ? '' : stdout + stderr}`).toBe('0 ');
    const outputs = stdout.split(`${MARK}\n`);
    const shown = steps.map((step, index) => ({ ...step, printed: outputs[index]?.trim() }));
    for (const { expected = '', printed } of shown.filter((step) => step.expected !== undefined)) {
      expect(printed).toMatch(patternOf(expected));
    }
  }, 120_000);

  it('names the two commands with which a newcomer begins', () => {
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
    for (const command of ['start', 'test']) {
      expect(README).toContain(`\`\`\`sh\nnpm ${command}\n\`\`\``);
      expect(scripts[command]).toBeDefined();
    }
  });

  it('links only to what exists', () => {
    const links = [...README.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(5);
    for (const path of links) expect(() => readFileSync(`${ROOT}${path}`)).not.toThrow(/ENOENT/);
  });
});
