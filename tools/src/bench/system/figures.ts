import { quantile } from '../../quantile.js';
import type { Way } from '../floor/floor.js';
import type { Bench } from './bench.js';
import { acceptTimes, finishingTimes, perSecond, type Quantiles, type Trial } from './trial.js';

/** The figures of some runs of the same: of each the median. Times in ms. */
export interface Figures {
  /** Orders per second. */
  readonly offered: number;
  readonly accepted: number;
  readonly finished: number;
  readonly acceptMs: Quantiles;
  readonly finishMs: Quantiles;
  /** Milliseconds of CPU for each order, by process. */
  readonly cpuMs: Readonly<Record<string, number>>;
  /** Resident memory by process, in MB. */
  readonly memoryMb: Readonly<Record<string, number>>;
  readonly messages: number;
  readonly statements: number;
  readonly commits: number;
}

/** Ours beside the ways that are better and worse than it can be. */
export interface Ratios {
  /** Milliseconds of CPU for each order. */
  readonly floorCpuMs: number;
  readonly ourCpuMs: number;
  readonly naiveCpuMs: number;
  readonly floorPerSecond: number;
  readonly naivePerSecond: number;
  /** How many times the CPU of the floor an order takes. */
  readonly cpuOverFloor: number;
  /** Which part of the throughput of the floor is reached. */
  readonly shareOfFloor: number;
  /** How many times the throughput of the naive way. */
  readonly overNaive: number;
}

const median = (values: readonly number[]): number => quantile(values, 0.5) ?? Number.NaN;

/** Of all of them. */
export const sum = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((a, b) => a + b, 0);

export function figuresOf(trials: readonly Trial[]): Figures {
  const of = (read: (trial: Trial) => number): number => median(trials.map(read));
  const medians = (read: (trial: Trial) => Quantiles): Quantiles => ({
    p50: of((trial) => read(trial).p50),
    p95: of((trial) => read(trial).p95),
    p99: of((trial) => read(trial).p99),
  });
  const each = (read: (trial: Trial) => Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(
      Object.keys(trials[0] === undefined ? {} : read(trials[0])).map((name) => [
        name,
        of((trial) => read(trial)[name] ?? 0),
      ]),
    );
  return {
    offered: of(({ rate }) => rate),
    accepted: of((trial) => perSecond(trial, ({ answeredAt }) => answeredAt)),
    finished: of((trial) => perSecond(trial, ({ finishedAt }) => finishedAt)),
    ...{ acceptMs: medians(acceptTimes), finishMs: medians(finishingTimes) },
    cpuMs: each(({ used, orders }) => scaled(used.cpu, 1_000 / orders.length)),
    memoryMb: each(({ memory }) => scaled(memory, 2 ** -20)),
    messages: of(({ used, orders }) => used.messages / orders.length),
    statements: of(({ used, orders }) => used.statements / orders.length),
    commits: of(({ used, orders }) => used.commits / orders.length),
  };
}

/** The clients, and the faker that stands by, are not the system. */
export function ratiosOf({ busy, floors, naive }: Pick<Bench, 'busy' | 'floors' | 'naive'>): Ratios {
  const ours = figuresOf(busy);
  const cpuMsOf = ({ cpu, orders }: Way): number => (1_000 * sum(cpu)) / orders;
  const floorCpuMs = median(floors.map(cpuMsOf));
  const floorPerSecond = median(floors.map(({ ordersPerSecond }) => ordersPerSecond));
  const { 'client-faker': _idle, ...cpu } = ours.cpuMs;
  const ourCpuMs = sum(cpu);
  return {
    ...{ floorCpuMs, ourCpuMs, floorPerSecond, naiveCpuMs: cpuMsOf(naive), naivePerSecond: naive.ordersPerSecond },
    cpuOverFloor: ourCpuMs / floorCpuMs,
    shareOfFloor: ours.finished / floorPerSecond,
    overNaive: ours.finished / naive.ordersPerSecond,
  };
}

function scaled(values: Readonly<Record<string, number>>, factor: number): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * factor]));
}
