import type { Bench } from './bench.js';
import { type Figures, figuresOf, ratiosOf, sum } from './figures.js';
import type { Profile } from './profile.js';
import type { Quantiles } from './trial.js';

/** Rows of text, of which the first is the head. */
export type Table = readonly (readonly string[])[];

export const whole = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 0 });
export const fine = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 2 });
export const times = ({ p50, p95, p99 }: Quantiles): string => [p50, p95, p99].map(whole).join(' / ');

/** The figures of a run, for a person. */
export function tablesOf(bench: Bench): readonly Table[] {
  const [steady, busy] = [figuresOf(bench.steady), figuresOf(bench.busy)];
  return [loadTable(steady, busy), processTable(steady, busy), ratioTable(bench)];
}

function loadTable(steady: Figures, busy: Figures): Table {
  const row = (name: string, read: (figures: Figures) => string): string[] => [name, read(steady), read(busy)];
  return [
    ['', '1,000 a minute', 'as much as is sustained'],
    row('orders offered per second', ({ offered }) => whole(offered)),
    row('accepted per second', ({ accepted }) => whole(accepted)),
    row('finished per second', ({ finished }) => whole(finished)),
    row('accept: p50 / p95 / p99, ms', ({ acceptMs }) => times(acceptMs)),
    row('accepted → finished: p50 / p95 / p99, ms', ({ finishMs }) => times(finishMs)),
    row('messages per order', ({ messages }) => fine(messages)),
    row('statements per order', ({ statements }) => fine(statements)),
    row('commits per order', ({ commits }) => fine(commits)),
  ];
}

function processTable(steady: Figures, busy: Figures): Table {
  const rows = Object.keys(busy.cpuMs).map((name) => [
    name,
    fine(steady.cpuMs[name] ?? 0),
    fine(busy.cpuMs[name] ?? 0),
    busy.memoryMb[name] === undefined ? '' : whole(busy.memoryMb[name]),
  ]);
  return [
    ['process', 'CPU ms per order, 1,000 a minute', 'CPU ms per order, busy', 'memory, MB'],
    ...rows,
    ['all', fine(sum(steady.cpuMs)), fine(sum(busy.cpuMs)), whole(sum(busy.memoryMb))],
  ];
}

function ratioTable(bench: Bench): Table {
  const ratios = ratiosOf(bench);
  return [
    ['', 'orders per second', 'CPU ms per order'],
    ['floor: bare clients', whole(ratios.floorPerSecond), fine(ratios.floorCpuMs)],
    ['ours', whole(figuresOf(bench.busy).finished), fine(ratios.ourCpuMs)],
    ['naive: a message is a transaction', whole(ratios.naivePerSecond), fine(ratios.naiveCpuMs)],
    ['ours ÷ floor', fine(ratios.shareOfFloor), fine(ratios.cpuOverFloor)],
    ['ours ÷ naive', fine(ratios.overNaive), fine(ratios.ourCpuMs / ratios.naiveCpuMs)],
  ];
}

/** Where the time goes. */
export const profileTables = ({ statements, functions }: Profile): readonly Table[] => [
  [
    ['database', 'calls', 'ms', 'µs each', 'statement'],
    ...statements.map(({ database, calls, ms, text }) => [
      ...[database, whole(calls), whole(ms), whole((1_000 * ms) / calls), text.slice(0, 90)],
    ]),
  ],
  [
    ['process', 'ms', 'module', 'function'],
    ...functions.map(({ process, ms, module, name }) => [process, whole(ms), module, name]),
  ],
];
