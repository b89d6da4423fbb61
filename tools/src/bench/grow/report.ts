import { figuresOf, sum } from '../system/figures.js';
import { fine, times, whole, type Table } from '../system/report.js';
import type { Grown, Stage } from './grow.js';

/** A column for each number of stored orders. */
export function tableOf({ stages }: Grown): Table {
  const row = (name: string, read: (stage: Stage) => string): string[] => [name, ...stages.map(read)];
  const busy = stages.map((stage) => figuresOf(stage.busy));
  const figure = (name: string, read: (figures: (typeof busy)[number]) => string): string[] => [
    name,
    ...busy.map(read),
  ];
  return [
    row('stored orders', ({ stored }) => whole(stored)),
    figure('finished per second', ({ finished }) => whole(finished)),
    figure('÷ that with few', ({ finished }) => fine(finished / (busy[0]?.finished ?? Number.NaN))),
    figure('CPU ms per order', ({ cpuMs }) => fine(sum(cpuMs))),
    figure('accept: p50 / p95 / p99, ms', ({ acceptMs }) => times(acceptMs)),
    figure('accepted → finished: p50 / p95 / p99, ms', ({ finishMs }) => times(finishMs)),
    ...Object.keys(stages[0]?.queries ?? {}).map((name) =>
      row(`${name}: p50 / p95 / p99, ms`, ({ queries }) => {
        const { p50, p95, p99 } = queries[name] ?? { p50: Number.NaN, p95: Number.NaN, p99: Number.NaN };
        return [p50, p95, p99].map(fine).join(' / ');
      }),
    ),
  ];
}
