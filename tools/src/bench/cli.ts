// `npm run bench`: what things cost on this machine.
import { benchExport } from './export/index.js';
import { benchCrashPoints } from './crash-points.js';
import { benchScaling } from './scaling/scaling.js';
import { longTransaction } from './long-transaction.js';
import { benchStart } from './start.js';
import { runCommandLine, WrongArguments } from '../command-line.js';
import { systemUsage } from './system/arguments.js';
import { systemBench } from './system/run.js';

/** Each prints what it found and resolves to the exit code. */
const benches: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  'crash-points': () => {
    process.stdout.write(`${benchCrashPoints()}\n`);
    return 0;
  },
  'long-transaction': longTransaction,
  export: benchExport,
  scaling: benchScaling,
  start: benchStart,
};

const usage = `Usage: npm run bench
${systemUsage}
  npm run bench -- ${Object.keys(benches).join(' | ')} [options]
`;

/** Exit code: 0 if the figures are as they should be, 1 if not, 130 if it was interrupted, 2 if the command line can't be understood. */
async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...others] = args;
  if (name === '' || name.startsWith('-')) return systemBench(args);
  const bench = benches[name];
  if (bench === undefined) throw new WrongArguments(`there is no bench "${name}"`);
  return bench(others);
}

process.exit(await runCommandLine(usage, main));
