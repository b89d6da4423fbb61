// `npm run load`: lets k6 order from a system at some rate, and says how long it took, which limits were not kept, and whether
// all that was accepted came to its end.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine, tell } from '../command-line.js';
import { onInterrupt, unlessInterrupted } from '../interrupt.js';
import { humanReport } from '../reconcile/report.js';
import { type Arguments, readArguments, usage } from './arguments.js';
import { findK6 } from './k6.js';
import { filesOf, load, minutesOf } from './load.js';
import { brokenLimits, table } from './report.js';
import { firstLines } from './run-k6.js';
import { scenarios } from './scenarios.js';
import { findTarget, type Target } from './target.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Resolves to all that was wrong. */
async function runAll(k6: string, target: Target, args: Arguments, stop: AbortSignal): Promise<string[]> {
  const folder = join(args.dataDir, 'load');
  mkdirSync(folder, { recursive: true });
  const problems: string[] = [];
  for (const name of args.scenarios) {
    const files = filesOf(name, folder);
    say(`\n${name}: ${scenarios[name].says(args.rate, minutesOf(name, args))} …`);
    const { summary, verdict } = await load(name, { k6, target, args, files }, stop);
    const parts = [table(summary), firstLines(files.log), humanReport(verdict)].filter((part) => part !== '');
    say(`\n${parts.join('\n\n')}`);
    const broken = [...brokenLimits(summary), ...(verdict.ok ? [] : ['reconcile: something is wrong'])];
    problems.push(...broken.map((text) => `${name}: ${text}`));
  }
  return problems;
}

/** Exit code: 0 if nothing was wrong, 1 if something was, 130 if it was interrupted, 2 if the command line can't be understood. */
async function main(given: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const args = readArguments(given, env);
  const { stop } = onInterrupt(tell);
  const k6 = await findK6(say);
  const target = await findTarget(args.dataDir, env, say);
  try {
    const problems = await unlessInterrupted(runAll(k6, target, args, stop), stop);
    say(problems.length === 0 ? 'Every limit was kept.' : problems.join('\n'));
    return problems.length === 0 ? 0 : 1;
  } finally {
    await target.dispose();
  }
}

process.exit(await runCommandLine(usage, main));
