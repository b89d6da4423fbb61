// `npm run migrate`: the step of a deployment that makes the tables ready for the version to come.
import { migrateDatabase } from '../start/prepare.js';
import { runCommandLine } from '../command-line.js';
import { readTargets, usage } from './arguments.js';

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  for (const { name, url } of readTargets(args, env)) {
    const applied = await migrateDatabase(name, url);
    process.stdout.write(`${name}: ${applied.join(', ') || 'nothing to apply'}\n`);
  }
  return 0;
}

process.exitCode = await runCommandLine(usage, main);
