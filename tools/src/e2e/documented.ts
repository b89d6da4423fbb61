import { expect } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { System } from '../start/whole-system.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What stands for a value that differs from run to run. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '<uuid>': '[0-9a-f-]{36}',
  '<hex>': '[0-9a-f]+',
  '<number>': String.raw`\d+`,
  '<time>': '[0-9TZ:.-]+',
  '<final>': '(?:APPROVED|REJECTED)',
};

interface Step {
  readonly script: string;
  /** What the page says that it prints; undefined where it says nothing. */
  readonly expected: string | undefined;
}

/** The commands of one section of a page, each with the output that the page shows behind it. */
function stepsOf(page: string, heading: string): Step[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/```sh\n([^]*?)```(?:\s*```\n([^]*?)```)?/g)].map(([, script = '', expected]) => ({
    script,
    expected,
  }));
}

/** The blocks of code of a page that are in this language. */
export function codeBlocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code);
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

/** Runs the commands of a section against a system and expects what the page shows. Returns how many there were. */
export function expectAsDocumented(system: System, page: string, heading: string): number {
  const steps = stepsOf(page, heading);
  const here = new URL(system.url).host;
  const script = ['set -eo pipefail', ...steps.flatMap((step) => [step.script, `echo '${MARK}'`])]
    .join('\n')
    .replaceAll('localhost:3000', here)
    .replaceAll('.data/', `${system.dataDir}/`);
  const options = { cwd: ROOT, env: system.env, encoding: 'utf8' } as const;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], options);
  expect(`${status} ${status === 0 ? '' : stdout + stderr}`).toBe('0 ');
  const outputs = stdout.split(`${MARK}\n`);
  const shown = steps.map((step, index) => ({ ...step, printed: outputs[index]?.trim() }));
  for (const { expected = '', printed } of shown.filter((step) => step.expected !== undefined)) {
    expect(printed).toMatch(patternOf(expected));
  }
  return steps.length;
}
