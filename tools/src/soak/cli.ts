// `npm run soak`: a whole system under a constant load for a long time; it says which process has more memory in the end than when
// it was warm, and which table has grown that should not.
import { runCommandLine } from '../command-line.js';
import { humanReport } from '../reconcile/report.js';
import { readArguments, usage } from './arguments.js';
import { growthOf, type Memory } from './findings.js';
import { soak, type Soaked } from './soak.js';
import { mayGrow } from './tables.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

const memoryLine = (memory: Memory): string => {
  const [first = 0, last = 0] = [memory.samples[0], memory.samples.at(-1)];
  const share = `${(100 * growthOf(memory)).toFixed(1)} %`;
  return `${memory.name.padEnd(14)} ${megabytes(first).padStart(8)} MB ${megabytes(last).padStart(8)} MB ${share.padStart(8)}`;
};

function tableLines({ warm, end }: Soaked): string[] {
  return end.map(({ name, rows, bytes }) => {
    const before = warm.find((one) => one.name === name);
    const [from, to] = [
      `${before?.rows ?? 0} rows, ${megabytes(before?.bytes ?? 0)} MB`,
      `${rows} rows, ${megabytes(bytes)} MB`,
    ];
    return `${name.padEnd(36)} ${from.padStart(24)} → ${to}${mayGrow({ name }) ? '  (grows with the orders)' : ''}`;
  });
}

/** Exit code: 0 if nothing has grown that should not, and nothing was lost, 1 if it was, 2 if the command line can't be understood. */
async function main(given: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const args = readArguments(given, env);
  say(`${args.rate} orders a minute for ${args.minutes} minutes`);
  const soaked = await soak(args, say);
  const { memories, verdict, findings } = soaked;
  say(`\nResident memory, warm and in the end\n${memories.map(memoryLine).join('\n')}`);
  say(`\nTables, warm and in the end\n${tableLines(soaked).join('\n')}`);
  say(`\n${humanReport(verdict)}`);
  say(findings.join('\n') || 'Nothing has grown that should not.');
  return verdict.ok && findings.length === 0 ? 0 : 1;
}

process.exit(await runCommandLine(usage, main));
