// `npm run bench`: what things cost on this machine.
import { benchCrashPoints } from './crash-points.js';
import { longTransaction } from './long-transaction.js';
import { runCommandLine, WrongArguments } from '../command-line.js';

/** Each prints what it found and resolves to the exit code. */
const benches: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  'crash-points': () => {
    process.stdout.write(`${benchCrashPoints()}\n`);
    return 0;
  },
  'long-transaction': longTransaction,
};

const usage = `Usage: npm run bench -- ${Object.keys(benches).join(' | ')} [options]\n`;

/** Exit code: 0 if the figures are as they should be, 1 if not, 2 if the command line can't be understood. */
async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const bench = benches[name];
  if (bench === undefined) throw new WrongArguments(name === '' ? 'no bench is named' : `there is no bench "${name}"`);
  return bench(args);
}

process.exit(await runCommandLine(usage, main));
