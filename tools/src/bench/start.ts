import { loadavg } from 'node:os';
import { columns } from '../columns.js';
import { parseCommandLine, wholeNumber } from '../command-line.js';
import { quantile } from '../quantile.js';
import { startSystem } from '../start/whole-system.js';
import { using } from './using.js';

const options = { runs: { type: 'string', default: '5' } } as const;

/** What a start took, in ms: all of it, from the call of npm until it is ready, and each step by its name. */
type Start = Readonly<Record<string, number>>;

/** `npm run bench -- start [--runs N]`: how long `npm start` takes with data that are there. */
export async function benchStart(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine(args, { options, allowPositionals: false });
  const runs = wholeNumber('--runs', values.runs);
  const load = (loadavg()[0] ?? 0).toFixed(2);
  const starts = await measure(runs);
  process.stdout.write(`npm start with data that are there, in ms (load average ${load} before)\n${tableOf(starts)}\n`);
  return 0;
}

async function measure(runs: number): Promise<readonly Start[]> {
  const open = async () => {
    const system = await startSystem({ asInProduction: true, throughNpm: true });
    return { ...system, close: () => system.dispose() };
  };
  return using(open, async (system) => {
    const starts: Start[] = [];
    while (starts.length < runs) {
      await system.interrupt();
      const begunAt = performance.now();
      await system.start();
      starts.push({ ready: performance.now() - begunAt, ...stepsOf(system.output()) });
    }
    return starts;
  });
}

/** What a start says of its steps, such as `✓ PostgreSQL started (182 ms)`. */
export function stepsOf(output: string): Start {
  const lines = output.matchAll(/^✓ (.+) \(([\d.]+) (ms|s)\)$/gm);
  return Object.fromEntries(
    [...lines].map(([, name = '', time, unit]) => [name, Number(time) * (unit === 's' ? 1_000 : 1)]),
  );
}

/** A line for each step, with the median and every figure. */
export function tableOf(starts: readonly Start[]): string {
  const names = [...new Set(starts.flatMap((start) => Object.keys(start)))];
  const textOf = (ms: number | undefined): string => (ms === undefined ? '' : String(Math.round(ms)));
  const rows = names.map((name) => {
    const times = starts.flatMap((start) => start[name] ?? []);
    return [name, textOf(quantile(times, 0.5)), ...starts.map((start) => textOf(start[name]))];
  });
  return columns([['', 'median', ...starts.map((_, index) => `#${index + 1}`)], ...rows], (column) => column > 0);
}
