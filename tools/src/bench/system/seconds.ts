import { quantile } from '../../quantile.js';
import type { Trial } from './trial.js';

/** What happened in one second of a run. */
export interface Second {
  readonly accepted: number;
  readonly finished: number;
  /** Orders that were accepted and not finished, at its end. */
  readonly backlog: number;
  /** Times in ms of those that were answered, and of those that finished, within it; undefined if there were none. */
  readonly accept: Tail;
  readonly finish: Tail;
}

interface Tail {
  readonly p50: number | undefined;
  readonly p99: number | undefined;
}

/** A run, second by second, until the last order was finished. */
export function secondsOf({ orders }: Trial): Second[] {
  const accepted = bySecond(orders.map(({ dueAt, answeredAt }) => [answeredAt, answeredAt - dueAt]));
  const finished = bySecond(
    orders.flatMap(({ answeredAt, finishedAt }) =>
      finishedAt === undefined ? [] : [[finishedAt, Math.max(0, finishedAt - answeredAt)] as const],
    ),
  );
  let backlog = 0;
  return Array.from({ length: Math.max(accepted.length, finished.length) }, (_, second) => {
    const [came, went] = [accepted[second] ?? [], finished[second] ?? []];
    backlog += came.length - went.length;
    return { accepted: came.length, finished: went.length, backlog, accept: tailOf(came), finish: tailOf(went) };
  });
}

/** Puts values where their times, in ms, belong. */
function bySecond(values: readonly (readonly [at: number, value: number])[]): number[][] {
  const seconds: number[][] = [];
  for (const [at, value] of values) (seconds[Math.max(0, Math.floor(at / 1_000))] ??= []).push(value);
  return Array.from(seconds, (one) => one ?? []);
}

const tailOf = (times: readonly number[]): Tail => ({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
