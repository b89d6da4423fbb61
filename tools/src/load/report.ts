import { columns } from '../columns.js';
import type { Summary } from './summary.js';

const number = (value: number): string => value.toLocaleString('en');
const milliseconds = (value: number): string => value.toFixed(1);

const HEAD = [
  ...['phase', 'orders/min', 'accepted', 'refused', 'errors', 'not sent'],
  ...['accept p50', 'p99', 'finished p50', 'p99', 'sampled'],
];

/** The figures of each phase, for a person; times are in ms. */
export function table({ phases, metrics }: Summary): string {
  const rows = phases.map(({ name, rate }) => {
    const value = (metric: string, aggregate: string): number =>
      metrics[`${metric}{scenario:${name}}`]?.values[aggregate] ?? 0;
    const count = (metric: string): string => number(value(metric, 'count'));
    const times = (metric: string): string[] =>
      ['med', 'p(99)'].map((aggregate) =>
        value(metric, 'count') === 0 ? '–' : milliseconds(value(metric, aggregate)),
      );
    return [
      ...[name, number(rate), ...['accepted', 'refused', 'errors', 'dropped_iterations'].map(count)],
      ...[...times('accept'), ...times('finished'), count('finished')],
    ];
  });
  return columns([HEAD, ...rows], (column) => column > 0);
}

/** What the metrics are of which something is demanded. */
const WORDS: Readonly<Record<string, string>> = {
  accept: 'ms until an order is accepted',
  finished: 'ms from then until it is finished',
  accepted: 'orders accepted',
  refused: 'orders refused',
  errors: 'errors',
  dropped_iterations: 'orders not sent',
};
const COMPARISONS: Readonly<Record<string, string>> = { '<=': 'at most ', '==': '', '>': 'more than ' };

/** A line for each limit that was not kept. */
export function brokenLimits({ metrics }: Summary): string[] {
  return Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds)
      .filter(([, { ok }]) => !ok)
      .map(([expression]) => {
        const [, name = '', phase] = /^(\w+)(?:\{scenario:(.+)\})?$/.exec(metric) ?? [];
        const [, aggregate = '', comparison = '', limit] = /^(.+?)([<>=]+)(.+)$/.exec(expression) ?? [];
        const what = [WORDS[name], ...(aggregate === 'p(99)' ? ['p99'] : []), ...(phase ? [phase] : [])].join(', ');
        return `${what}: ${number(values[aggregate] ?? 0)}, and has to be ${COMPARISONS[comparison]}${limit}`;
      }),
  );
}
