// `npm run migrate`: the step of a deployment that makes the tables ready for the version to come.
import { AlpesError } from '@alpes/messaging';
import { migrateDatabase } from '../start/prepare.js';
import { WrongArguments } from '../wrong-arguments.js';
import { readTargets, usage } from './arguments.js';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    for (const { name, url } of readTargets(args, env)) {
      const applied = await migrateDatabase(name, url);
      process.stdout.write(`${name}: ${applied.join(', ') || 'nothing to apply'}\n`);
    }
    return 0;
  } catch (error) {
    if (error instanceof WrongArguments) {
      tell(`${error.message}\n\n${usage}`);
      return 2;
    }
    tell(error instanceof AlpesError ? error.message : String((error as Error).stack ?? error));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2), process.env);
