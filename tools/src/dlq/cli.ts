// `npm run dlq`: looks at dead letters, and redrives or drops them, by asking the services that have them.
import { type ChangingCommand, type Command, readArguments, usage } from './arguments.js';
import { confirm } from './confirm.js';
import { countsLine, labelOf } from './report.js';
import { type Outcome, runChange, runList, runShow, type Surroundings } from './run.js';
import { findServices } from './service.js';
import { runCommandLine, tell, WrongArguments } from '../command-line.js';

/** Ctrl-C ends it behind the batch in hand; a second one at once. */
function onInterrupt(): AbortSignal {
  const stopping = new AbortController();
  process.once('SIGINT', () => {
    tell('Stopping behind the batch in hand …');
    stopping.abort();
  });
  return stopping.signal;
}

async function run(command: Command, around: Surroundings): Promise<Outcome | undefined> {
  if (command.name === 'list') return runList(command, around);
  if (command.name === 'show') return runShow(command, command, around);
  if (command.dryRun || command.yes) return runChange(command, around);
  return runConfirmed(command, around);
}

/**
 * Shows what would be done, and does it if that is confirmed: undefined if it is not. What dies while it is being asked is
 * not done, for it was not shown.
 */
async function runConfirmed(command: ChangingCommand, around: Surroundings): Promise<Outcome | undefined> {
  const { name, selection, force } = command;
  if (!process.stdin.isTTY) {
    throw new WrongArguments(`nobody is at a terminal to confirm it: say --yes to ${name}, or --dry-run to look first`);
  }
  const now = new Date();
  const to = selection.to !== undefined && new Date(selection.to) < now ? selection.to : now.toISOString();
  const shown = { ...command, selection: { ...selection, to } };
  const planned = await runChange({ ...shown, dryRun: true }, around);
  const count = planned.counts.get(labelOf(name, true)) ?? 0;
  if (count === 0 || planned.interrupted) return planned;
  const question = `${name === 'redrive' ? 'Redrive' : 'Drop'} ${count.toLocaleString('en')}${force ? ', by force' : ''}?`;
  return (await confirm(question)) ? runChange(shown, around) : undefined;
}

function conclude({ name, ...command }: Command, outcome: Outcome): number {
  const { items, counts, problems, interrupted } = outcome;
  if (command.json) {
    const answer = { command: name, interrupted, counts: Object.fromEntries(counts), letters: items, problems };
    process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  } else if (name !== 'show' && (items.length > 0 || problems.length === 0)) {
    process.stdout.write(`${countsLine(counts)}\n`);
  }
  for (const problem of problems) tell(problem);
  if (interrupted) tell('Stopped. Nothing is lost: the same command goes on where this one has stopped.');
  if (interrupted) return 130;
  return problems.length > 0 ? 1 : 0;
}

/**
 * Exit code: 0 if all is as it was asked for, 1 if something was refused or could not be asked, 2 if the command line can't
 * be understood, 130 if it was stopped.
 */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = readArguments(args, env);
  const services = findServices(command);
  const say = (text: string): void => void (command.json || process.stdout.write(text));
  const outcome = await run(command, { services, say, signal: onInterrupt() });
  if (outcome !== undefined) return conclude(command, outcome);
  tell('Nothing was done.');
  return 0;
}

process.exitCode = await runCommandLine(usage, main);
