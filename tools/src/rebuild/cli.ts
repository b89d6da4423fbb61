// `npm run rebuild`: builds a read model anew from its topics, next to the live one, and compares both.
import { findPlaces } from '../reconcile/places.js';
import { runCommandLine, tell } from '../command-line.js';
import { type Command, readArguments, usage } from './arguments.js';
import { besides } from './beside.js';
import { Interrupted, onInterrupt } from '../interrupt.js';
import { rebuild } from './rebuild.js';
import { humanReport, jsonReport, same } from './report.js';

async function run(command: Command, env: NodeJS.ProcessEnv): Promise<number> {
  const { service, dataDir } = command;
  const places = findPlaces(dataDir, env, [service]);
  if (command.name === 'remove') {
    await besides(places.databases[service], dataDir).drop(command.database);
    tell(`The database ${command.database} is dropped.`);
    return 0;
  }
  const outcome = await rebuild({
    ...{ service, command, places, dataDir, env, tell, interrupts: onInterrupt(tell) },
    onOutcome: (found) => void process.stdout.write(command.json ? jsonReport(found) : humanReport(found)),
  });
  return same(outcome) ? 0 : 1;
}

/**
 * Exit code: 0 if both are the same, 1 if they differ, nothing could be compared, or something is refused or out of reach, 2
 * if the command line can't be understood, 130 if it was stopped.
 */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    return await run(readArguments(args, env), env);
  } catch (error) {
    if (error instanceof Interrupted) tell('Stopped. The live database is as it was.');
    throw error;
  }
}

process.exitCode = await runCommandLine(usage, main);
