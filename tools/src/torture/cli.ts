// `npm run torture`: whole system, under load, to which everything bad happens that can; then it says whether anything was lost,
// doubled or out of order.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../command-line.js';
import { type Arguments, readArguments, usage } from './arguments.js';
import { page } from './page.js';
import { table } from './report.js';
import { torture } from './torture.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function commandOf(given: readonly string[], { seed }: Arguments): string {
  const told = given.includes('--seed') ? given : [...given, '--seed', String(seed)];
  return `npm run torture -- ${told.join(' ')}`;
}

/** Exit code: 0 if nothing was wrong, 1 if something was, 130 if it was interrupted, 2 if the command line can't be understood. */
async function main(given: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const args = readArguments(given, env, () => 1 + Math.floor(Math.random() * 999_999));
  const again = commandOf(given, args);
  say(`Seed ${args.seed}. The same faults again: ${again}`);
  const outcome = await torture(args, again, say);
  const file = join(args.folder, `${args.seed}.html`);
  writeFileSync(file, page(outcome));
  const { problems } = outcome.judgement;
  say(`\n${table(outcome)}\n\nWith a picture: ${file}`);
  for (const problem of problems) say(`\n${problem}`);
  say(problems.length === 0 ? '\nNothing is wrong.' : `\nSomething is wrong. The same faults again: ${again}`);
  return problems.length === 0 ? 0 : 1;
}

process.exit(await runCommandLine(usage, main));
