import { PENDING } from '../domain/bff.js';
import { percentile } from '../domain/percentile.js';
import { formatRate, type Rate } from '../domain/rate.js';
import { failedOf, type Tally } from '../domain/tally.js';

interface Run {
  readonly tally: Tally;
  readonly rate: Rate;
  /** How many orders are in which state; undefined if nobody has looked. */
  readonly states: ReadonlyMap<string, number> | undefined;
}

const WIDTH = 14;

/** The result of a run, as a table. */
export function formatSummary({ tally, rate, states }: Run): string {
  const reached = formatRate(tally.accepted.length + failedOf(tally), tally.elapsedMs, rate);
  const rows = [
    ['accepted', String(tally.accepted.length)],
    ['failed', String(failedOf(tally))],
    ...[...tally.failures].map(([reason, count]) => ['', `${count} × ${reason}`]),
    ['repeated', String(tally.repeated)],
    ['rate', `${reached} of ${rate.count}/${rate.unit}`],
    ['latency', formatLatencies(tally.latencies)],
    ['states', states === undefined ? 'not looked at' : formatStates(states)],
  ];
  return `${rows.map(([name = '', value = '']) => name.padEnd(WIDTH) + value).join('\n')}\n`;
}

function formatLatencies(latencies: readonly number[]): string {
  return [50, 95, 99]
    .map((percent) => {
      const value = percentile(latencies, percent);
      return `p${percent} ${value === undefined ? '–' : `${value.toFixed(value < 10 ? 1 : 0)} ms`}`;
    })
    .join('  ');
}

function formatStates(states: ReadonlyMap<string, number>): string {
  const names = new Set(['APPROVED', 'REJECTED', PENDING, ...states.keys()]);
  return [...names].map((name) => `${name} ${states.get(name) ?? 0}`).join('  ');
}
